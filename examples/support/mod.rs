//! What the examples share besides the data: their arguments, and a little typography.

// Each example uses a part of this.
#![allow(dead_code)]

mod args;
mod print;

pub use args::Args;
#[allow(unused_imports)] // nor does each print bars
pub use print::{bar, share};

use std::error::Error;
use std::process::ExitCode;

/// Ends an example: with 0, or with what went wrong on standard error and 1.
///
/// A reader that closes the pipe early (`… | head`) has seen enough: that is no failure.
pub fn exit(result: Result<(), Box<dyn Error>>) -> ExitCode {
    let Err(problem) = result else { return ExitCode::SUCCESS };
    let io = problem.downcast_ref::<std::io::Error>();
    if io.is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe) {
        return ExitCode::SUCCESS;
    }
    eprintln!("{problem}");
    ExitCode::FAILURE
}
