//! Formats rule files: prints each in its canonical layout, or with `--check` names those that are not in it.
//!
//! `cargo run --example format -- [--check] FILE…`; without files, formats the grocer's example.

use std::process::ExitCode;

fn main() -> std::io::Result<ExitCode> {
    let (options, mut paths): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|arg| arg == "--check");
    if paths.is_empty() {
        paths.push(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/grocer.nba").to_owned());
    }
    let mut code = ExitCode::SUCCESS;
    for path in paths {
        let text = std::fs::read_to_string(&path)?;
        match nextbest::format(&path, &text) {
            Ok(formatted) if options.is_empty() => print!("{formatted}"),
            Ok(formatted) if formatted == text => {}
            Ok(_) => {
                println!("{path} is not formatted");
                code = ExitCode::FAILURE;
            }
            Err(found) => {
                eprintln!("{found}");
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}
