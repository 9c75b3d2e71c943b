//! The tests of rule files as tests of the host's own.

use super::Report;
use crate::compile::Ruleset;

/// Runs the tests of rule files under `cargo test`: one test of the host's, which tells every test of the rules that failed.
///
/// The files are those of one ruleset, named from the folder of the package; a function may be named before them.
///
/// ```
/// nextbest::rule_tests!("examples/rfm.nba");
/// nextbest::rule_tests!(of_the_grocer: "examples/grocer.nba");
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! rule_tests {
    ($name:ident: $($file:literal),+ $(,)?) => {
        #[test]
        fn $name() {
            let files = [$(($file, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $file)))),+];
            if let Err(told) = $crate::testing::run(&files) {
                panic!("{told}");
            }
        }
    };
    ($($file:literal),+ $(,)?) => {
        $crate::rule_tests!(rule_tests: $($file),+);
    };
}

/// Reads the files of a ruleset, each a name and a text, and runs their tests.
///
/// # Errors
/// For a person to read: what is wrong with the files, or the tests that failed.
pub fn run(files: &[(&str, &str)]) -> Result<Report, String> {
    let tests = Ruleset::parse(files).and_then(|rules| rules.tests()).map_err(|found| found.to_string())?;
    let report = tests.run();
    if report.passed() { Ok(report) } else { Err(report.to_string()) }
}
