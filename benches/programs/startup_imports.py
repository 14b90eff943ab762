"""Start, import what most scripts import, and stop.

Group: start-up
Counted:
"""
import argparse
import collections
import dataclasses
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import typing

print(len([argparse, collections, dataclasses, datetime, json, os, pathlib, re, subprocess, sys, tempfile, typing]))
