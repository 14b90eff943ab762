//! A tiny Lisp on the heap: pairs, symbols, closures, and environments that form cycles.
//!
//! Run with `cargo run -p taipan-heap --example lisp`. Integers are immediate values, `()` is constant 0. Every closure refers to its
//! environment, and a recursive one is referred to by it: such cycles are what the collector is for.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;
use taipan_heap::{Config, Heap, Kind, OutOfMemory, Payload, Ref, Slot, Value};

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
    environment: Slot,
}

macro_rules! kind {
    ($name:ident, $payload:ty) => {
        static $name: LazyLock<Kind> = LazyLock::new(|| Kind::new(<$payload>::info(), 0));
    };
}
kind!(PAIR, Pair);
kind!(SYMBOL, Symbol);
kind!(ENVIRONMENT, Environment);
kind!(CLOSURE, Closure);

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
    heap: Box<Heap>,
}

impl Lisp {
    fn pair(&self, head: Value, tail: Value) -> Result<Value> {
        Ok(self.heap.alloc(&&*PAIR, Pair { head, tail })?.into())
    }

    fn environment(&self, outer: Option<Ref<Environment>>) -> Result<Ref<Environment>> {
        Ok(self.heap.alloc(&&*ENVIRONMENT, Environment { names: RefCell::default(), outer })?)
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
            Err(_) => Ok(self.heap.alloc(&&*SYMBOL, Symbol { name: word.to_owned() })?.into()),
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
                let value = self.eval(&rest[1], environment)?;
                let Some(name) = rest[0].downcast::<Symbol>() else { return trouble("define what?") };
                environment.names.borrow_mut().insert(name.name.clone(), value);
                Ok(NIL)
            }
            "lambda" => {
                let environment = Slot::new(Some(environment.to_value()));
                let closure = Closure { parameters: rest[0].clone(), body: rest[1].clone(), environment };
                Ok(self.heap.alloc(&&*CLOSURE, closure)?.into())
            }
            "if" => {
                let chosen = if self.eval(&rest[0], environment)?.as_int() == Some(0) { 2 } else { 1 };
                self.eval(&rest[chosen], environment)
            }
            operator @ ("+" | "-" | "*" | "<") => {
                let (a, b) = (self.eval(&rest[0], environment)?, self.eval(&rest[1], environment)?);
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
        let outer = closure.environment.get().and_then(|value| value.downcast_into::<Environment>().ok());
        let local = self.environment(outer)?;
        for (name, value) in items(&closure.parameters).iter().zip(arguments) {
            if let Some(name) = name.downcast::<Symbol>() {
                local.names.borrow_mut().insert(name.name.clone(), value);
            }
        }
        self.eval(&closure.body, &local)
    }
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
    (define loop (lambda (n) (if n (loop ((lambda (cyclic) (- n 1)) (counter n))) 0)))
    (loop 300)
";

fn main() {
    match run() {
        Ok(()) => {}
        Err(Trouble::Memory) => eprintln!("out of memory"),
        Err(Trouble::Program(text)) => eprintln!("{text}"),
    }
}

fn run() -> Result<()> {
    let lisp = Lisp { heap: Heap::new(Config { limit: Some(16 << 20), zeal: 0, ..Config::default() }) };
    let global = lisp.environment(None)?;
    let mut text = PROGRAM;
    while !text.trim().is_empty() {
        let expression = lisp.read(&mut text)?;
        let value = lisp.eval(&expression, &global)?;
        println!("{value:?}");
    }
    println!("{} bytes before, ", lisp.heap.bytes_in_use());
    drop(global);
    println!("{} objects in cycles,", lisp.heap.collect(2).collected);
    println!("{} bytes after the last collection", lisp.heap.bytes_in_use());
    Ok(())
}
