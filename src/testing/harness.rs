//! A test program of its own: one line for each test of the rules, with all that `cargo test` offers to choose among them.

use std::process::ExitCode;
use std::sync::Arc;
use std::{fs, path::Path};

use libtest_mimic::{Arguments, Failed, Trial};

use super::Tests;
use crate::compile::Ruleset;

/// The main function of a test target that runs the tests of rule files, each by its name.
///
/// The files that fit one of the patterns are one ruleset; patterns are read from the folder of the package. In `Cargo.toml`
/// such a target says `harness = false`.
///
/// ```ignore
/// // tests/rules.rs
/// nextbest::rule_tests_main!("rules/*.nba");
/// ```
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
#[macro_export]
macro_rules! rule_tests_main {
    ($($pattern:literal),+ $(,)?) => {
        fn main() -> std::process::ExitCode {
            $crate::testing::main(env!("CARGO_MANIFEST_DIR"), &[$($pattern),+])
        }
    };
}

/// What [`rule_tests_main!`](crate::rule_tests_main) calls.
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub fn main(folder: &str, patterns: &[&str]) -> ExitCode {
    match read(Path::new(folder), patterns) {
        Ok(tests) => libtest_mimic::run(&Arguments::from_args(), trials(&Arc::new(tests))).exit_code(),
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(101)
        }
    }
}

fn read(folder: &Path, patterns: &[&str]) -> Result<Tests, String> {
    let mut files: Vec<(String, String)> = Vec::new();
    for pattern in patterns {
        // The folder's own name may hold what means something in a pattern.
        let whole = format!("{}/{pattern}", glob::Pattern::escape(&folder.to_string_lossy()));
        for path in glob::glob(&whole).map_err(|problem| format!("{pattern}: {problem}"))? {
            let path = path.map_err(|problem| problem.to_string())?;
            let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).map_err(|problem| format!("{name}: {problem}"))?;
            if files.iter().all(|(before, _)| *before != name) {
                files.push((name, text));
            }
        }
    }
    if files.is_empty() {
        return Err(format!("no file fits {}", patterns.join(", ")));
    }
    Ruleset::parse(&files).and_then(|rules| rules.tests()).map_err(|found| found.to_string())
}

fn trials(tests: &Arc<Tests>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (number, test) in tests.iter().enumerate() {
        let all = Arc::clone(tests);
        trials.push(Trial::test(test.name(), move || match all.iter().nth(number).map(|test| test.run()) {
            Some(Err(failure)) => Err(Failed::from(failure)),
            Some(Ok(())) | None => Ok(()),
        }));
    }
    for (number, asked) in tests.asked().into_iter().enumerate() {
        let all = Arc::clone(tests);
        trials.push(Trial::test(asked, move || {
            let missed: Vec<String> =
                all.found(number).iter().filter(|finding| finding.witness.is_none()).map(ToString::to_string).collect();
            if missed.is_empty() { Ok(()) } else { Err(Failed::from(missed.join("\n"))) }
        }));
    }
    trials
}
