//! The heap crate and its peers on the same workloads, as a table: `cargo run --release` here, or `cargo run --release -- 3 steady own` for these two workloads,
//! each figure the median of three.
//!
//! Invariant: every figure comes from a process of its own, on a stack of 8 MiB; where that overflows, on one of 8 GiB, and the figure is marked `!`.

mod arena;
mod peers;
mod workloads;

use peers::{BaconRajan, Dumpster, Gcmodule, Jrsonnet, StdRc, rust_gc::RustGc, taipan::Taipan};
use std::process::Command;
use workloads::{WORKLOADS, run};

const PEERS: [&str; 8] =
    ["taipan-heap", "Rc", "dumpster", "gcmodule", "jrsonnet-gcmodule", "bacon_rajan_cc", "gc", "gc-arena"];
const STACK: usize = 8 << 20;

/// Prints the figures of one workload.
fn child(peer: &str, workload: &str, stack: usize) {
    let (peer, workload) = (peer.to_owned(), workload.to_owned());
    let work = move || match peer.as_str() {
        "taipan-heap" => run::<Taipan>(&workload),
        "Rc" => run::<StdRc>(&workload),
        "dumpster" => run::<Dumpster>(&workload),
        "gcmodule" => run::<Gcmodule>(&workload),
        "jrsonnet-gcmodule" => run::<Jrsonnet>(&workload),
        "bacon_rajan_cc" => run::<BaconRajan>(&workload),
        "gc" => run::<RustGc>(&workload),
        _ => arena::run(&workload),
    };
    let thread = std::thread::Builder::new().stack_size(stack).spawn(move || {
        let figures: Vec<String> = work().iter().map(f64::to_string).collect();
        println!("{}", figures.join(" "));
        // What is left alive need not be taken down, which would overflow the stack again.
        std::process::exit(0);
    });
    let _ = thread.expect("a thread can be made").join();
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// The figures of one workload, medians of `times` processes; each row's, and whether the stack overflowed.
fn measure(peer: &str, workload: &str, times: usize) -> Option<(Vec<f64>, bool)> {
    let mut stack = STACK;
    let mut runs: Vec<Vec<f64>> = Vec::new();
    while runs.len() < times {
        let program = std::env::current_exe().ok()?;
        let output = Command::new(program).args(["child", peer, workload, &stack.to_string()]).output().ok()?;
        if output.status.success() {
            let text = String::from_utf8_lossy(&output.stdout);
            runs.push(text.split_whitespace().filter_map(|figure| figure.parse().ok()).collect());
        } else if stack == STACK {
            stack = 8 << 30;
        } else {
            return None;
        }
    }
    let rows = runs[0].len();
    Some(((0..rows).map(|row| median(runs.iter().map(|run| run[row]).collect())).collect(), stack != STACK))
}

fn shown(figure: f64) -> String {
    if figure < 10.0 { format!("{figure:.1}") } else { format!("{figure:.0}") }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, peer, workload, stack] = arguments.as_slice()
        && word == "child"
    {
        return child(peer, workload, stack.parse().expect("a number of bytes"));
    }
    let times = arguments.first().and_then(|times| times.parse().ok()).unwrap_or(5);
    let wanted: Vec<&String> = arguments.iter().filter(|word| word.parse::<usize>().is_err()).collect();
    println!("| workload | {} |", PEERS.join(" | "));
    println!("|---|{}", "--:|".repeat(PEERS.len()));
    for (workload, rows) in WORKLOADS.iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|w| w == name)) {
        let figures: Vec<_> = PEERS.iter().map(|peer| measure(peer, workload, times)).collect();
        for (index, row) in rows.iter().enumerate() {
            let cells = figures.iter().map(|figures| match figures {
                None => "fails".to_owned(),
                Some((figures, deep)) => match figures.get(index) {
                    None => "–".to_owned(),
                    Some(figure) => format!("{}{}", shown(*figure), if *deep { "!" } else { "" }),
                },
            });
            println!("| {row} | {} |", cells.collect::<Vec<_>>().join(" | "));
        }
    }
}
