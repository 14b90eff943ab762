//! A tiny Lisp on the heap: pairs, symbols, closures, and environments that form cycles.
//!
//! Run with `cargo run -p taipan-heap --example lisp`. Integers are immediate values, `()` is constant 0. Every closure refers to its
//! environment, and a recursive one is referred to by it: such cycles are what the collector is for.

use std::cell::RefCell;
use std::collections::HashMap;
use std::pin::Pin;
use taipan_heap::{Config, Heap, OutOfMemory, Payload, Ref, Value};

const NIL: Value = Value::constant(0);

#[derive(Payload)]
struct Pair {
    head: Value,
    tail: Value,
}

#[derive(Payload)]
struct Symbol {
    name: String,
}

#[derive(Payload)]
struct Environment {
    names: RefCell<HashMap<String, Value>>,
    outer: Option<Ref<Environment>>,
}

#[derive(Payload)]
struct Closure {
    parameters: Value,
    body: Value,
    environment: Ref<Environment>,
}

enum Trouble {
    Memory,
    Program(String),
}

impl From<OutOfMemory> for Trouble {
    fn from(_: OutOfMemory) -> Trouble {
        Trouble::Memory
    }
}

type Result<T> = std::result::Result<T, Trouble>;

fn trouble<T>(text: impl Into<String>) -> Result<T> {
    Err(Trouble::Program(text.into()))
}

struct Lisp {
    heap: Pin<Box<Heap>>,
}

impl Lisp {
    fn pair(&self, head: Value, tail: Value) -> Result<Value> {
        Ok(self.heap.make(Pair { head, tail })?.into())
    }

    fn environment(&self, outer: Option<Ref<Environment>>) -> Result<Ref<Environment>> {
        Ok(self.heap.make(Environment { names: RefCell::default(), outer })?)
    }

    fn read(&self, text: &mut &str) -> Result<Value> {
        *text = text.trim_start();
        if let Some(rest) = text.strip_prefix('(') {
            *text = rest;
            let mut items = Vec::new();
            loop {
                *text = text.trim_start();
                if let Some(rest) = text.strip_prefix(')') {
                    *text = rest;
                    break;
                }
                items.push(self.read(text)?);
            }
            return items.into_iter().rev().try_fold(NIL, |tail, head| self.pair(head, tail));
        }
        let end = text.find(|c: char| c.is_whitespace() || c == '(' || c == ')').unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        *text = rest;
        match word.parse::<i64>() {
            Ok(n) => Value::try_int(n).map_or_else(|| trouble("integer too large"), Ok),
            Err(_) if word.is_empty() => trouble("unexpected end"),
            Err(_) => Ok(self.heap.make(Symbol { name: word.to_owned() })?.into()),
        }
    }

    fn eval(&self, expression: &Value, environment: &Ref<Environment>) -> Result<Value> {
        if self.heap.collection_pending() {
            self.heap.collect_pending();
        }
        if let Some(symbol) = expression.downcast::<Symbol>() {
            return lookup(environment, &symbol.name);
        }
        let Some(call) = expression.downcast::<Pair>() else { return Ok(expression.clone()) };
        let rest = items(&call.tail);
        match call.head.downcast::<Symbol>().map_or("", |symbol| &symbol.name) {
            "define" => {
                let value = self.eval(&part(&rest, 1)?, environment)?;
                let name = part(&rest, 0)?;
                let Some(name) = name.downcast::<Symbol>() else { return trouble("define what?") };
                environment.names.borrow_mut().insert(name.name.clone(), value);
                Ok(NIL)
            }
            "lambda" => {
                let (parameters, body) = (part(&rest, 0)?, part(&rest, 1)?);
                let closure = Closure { parameters, body, environment: environment.clone() };
                Ok(self.heap.make(closure)?.into())
            }
            "if" => {
                let chosen = if self.eval(&part(&rest, 0)?, environment)?.as_int() == Some(0) { 2 } else { 1 };
                self.eval(&part(&rest, chosen)?, environment)
            }
            operator @ ("+" | "-" | "*" | "<") => {
                let (a, b) = (self.eval(&part(&rest, 0)?, environment)?, self.eval(&part(&rest, 1)?, environment)?);
                let (Some(a), Some(b)) = (a.as_int(), b.as_int()) else { return trouble("numbers wanted") };
                let n = match operator {
                    "+" => a.checked_add(b),
                    "-" => a.checked_sub(b),
                    "*" => a.checked_mul(b),
                    _ => Some(i64::from(a < b)),
                };
                n.and_then(Value::try_int).map_or_else(|| trouble("integer too large"), Ok)
            }
            _ => {
                let function = self.eval(&call.head, environment)?;
                let arguments = rest.iter().map(|item| self.eval(item, environment)).collect::<Result<Vec<_>>>()?;
                self.call(&function, arguments)
            }
        }
    }

    fn call(&self, function: &Value, arguments: Vec<Value>) -> Result<Value> {
        let Some(closure) = function.downcast::<Closure>() else { return trouble("not a function") };
        let local = self.environment(Some(closure.environment.clone()))?;
        for (name, value) in items(&closure.parameters).iter().zip(arguments) {
            if let Some(name) = name.downcast::<Symbol>() {
                local.names.borrow_mut().insert(name.name.clone(), value);
            }
        }
        self.eval(&closure.body, &local)
    }
}

fn part(rest: &[Value], index: usize) -> Result<Value> {
    rest.get(index).cloned().map_or_else(|| trouble("too few parts"), Ok)
}

fn items(list: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    let mut at = list.clone();
    while let Some(pair) = at.downcast::<Pair>() {
        found.push(pair.head.clone());
        let next = pair.tail.clone();
        at = next;
    }
    found
}

fn lookup(environment: &Ref<Environment>, name: &str) -> Result<Value> {
    let mut at = Some(environment.clone());
    while let Some(scope) = at {
        if let Some(value) = scope.names.borrow().get(name) {
            return Ok(value.clone());
        }
        at = scope.outer.clone();
    }
    trouble(format!("unknown name {name}"))
}

const PROGRAM: &str = "
    (define fib (lambda (n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))))
    (fib 18)
    (define counter (lambda (start) ((lambda (self) self) (lambda (step) (+ start step)))))
    ((counter 40) 2)
    (define tangle (lambda (n) (define self (lambda (m) (self m)))))
    (define work (lambda (n) (if n (work ((lambda (garbage) (- n 1)) (tangle n))) 0)))
    (work 400)
    (work 400)
    (work 400)
";

fn main() {
    match run() {
        Ok(()) => {}
        Err(Trouble::Memory) => eprintln!("out of memory"),
        Err(Trouble::Program(text)) => eprintln!("{text}"),
    }
}

fn run() -> Result<()> {
    let lisp = Lisp { heap: Heap::new(Config { limit: Some(1 << 20), ..Config::default() }) };
    let global = lisp.environment(None)?;
    let mut text = PROGRAM;
    while !text.trim().is_empty() {
        let before = text.trim_start();
        let expression = lisp.read(&mut text)?;
        let value = lisp.eval(&expression, &global)?;
        let source = &before[..before.len() - text.len()];
        println!("{source:<100} {}", value.as_int().map_or("()".to_owned(), |n| n.to_string()));
    }
    println!("\nwhat lives on the heap, a mebibyte at most:");
    for (name, row) in lisp.heap.census() {
        println!("  {:>6} {name:<12} {:>8} bytes", row.objects, row.bytes);
    }
    drop(global);
    let last = lisp.heap.collect(2).collected;
    println!(
        "the global environment and its closures are one cycle: {last} objects at the end, {} bytes left",
        lisp.heap.bytes_in_use()
    );
    for (generation, stats) in lisp.heap.stats().iter().enumerate() {
        println!(
            "  generation {generation}: {} collections freed {} of {} objects in {:?}",
            stats.collections, stats.collected, stats.candidates, stats.duration
        );
    }
    Ok(())
}
