//! Decision tests: what `test` and `check` statements say, held against the rules.
//!
//! ```
//! use nextbest::Ruleset;
//!
//! let text = r#"
//! profile { person id  age int? }
//! segment adult "Of age" when age >= 18
//!
//! test "eighteen is of age" {
//!   now 2026-03-10T12:00:00+01:00
//!   case "on the day"   given age = 18  expect in segment adult
//!   case "a year early" given age = 17  expect not in segment adult
//! }
//! "#;
//! let tests = Ruleset::parse(&[("adult.nba", text)])?.tests()?;
//! assert_eq!(tests.iter().map(|test| test.name()).collect::<Vec<_>>().join(", "),
//!     "eighteen is of age: on the day, eighteen is of age: a year early");
//! let report = tests.run();
//! assert!(report.passed(), "{report}");
//! # Ok::<(), nextbest::Diagnostics>(())
//! ```
//!
//! A test runs over a record of the shape that the rules declare, or that they have been bound to. It knows nothing but what is
//! given: one fixed id, complete histories, every consent granted since always, all attributes missing, nobody held out.
//! [`rule_tests!`](crate::rule_tests) runs the tests of rule files under `cargo test`; with the feature `testing`,
//! `rule_tests_main!` tells each of them by its name.

mod check;
mod coverage;
mod customer;
mod edges;
mod failure;
#[cfg(feature = "json")]
mod frozen;
#[cfg(feature = "testing")]
mod harness;
mod judge;
mod macros;
mod search;
mod values;
mod why_not;

use std::fmt;

pub use check::Finding;
pub use coverage::Coverage;
pub use failure::{Difference, Failure};
#[cfg(feature = "json")]
pub use frozen::{changes, freeze};
#[cfg(feature = "testing")]
pub use harness::main;
pub use macros::run;
pub use why_not::{Answer, Change, Happened, WhyNot};

use crate::check::testing::tree::Given;
use crate::check::tree::{Rules, Test};
use crate::compile::{Engine, Request, Ruleset};
use crate::diagnostic::Diagnostics;
use crate::schema::{Profile, Record, RecordSchema, Schema};

/// The tests of a ruleset.
pub struct Tests {
    rules: Ruleset,
    engine: Engine<Record>,
    records: RecordSchema,
    brought: Brought,
}

/// What the program brings besides attributes and events.
type Brought = Box<dyn Fn(Schema<Record>) -> Schema<Record> + Send + Sync>;

/// One test, or one case of a test.
#[derive(Clone, Copy)]
pub struct RuleTest<'t> {
    tests: &'t Tests,
    test: &'t Test,
}

/// What came of all tests.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    /// How many there are.
    pub tests: usize,
    /// Those that failed, in the order of the text.
    pub failures: Vec<Failure>,
    /// What the `check` statements sought.
    pub findings: Vec<Finding>,
}

impl Ruleset {
    /// The tests of the rules, over records of the shape that they declare.
    ///
    /// # Errors
    /// What is wrong with the rules, tests included.
    pub fn tests(&self) -> Result<Tests, Diagnostics> {
        self.tests_over(self.record_schema()?, |schema| schema)
    }

    /// The same over records of the shape of a customer type. What the type brings besides attributes and events, that is
    /// functions and regions, is brought to records by `brought`.
    ///
    /// # Errors
    /// As [`tests`](Self::tests).
    pub fn tests_for<P: Profile>(
        &self,
        brought: impl Fn(Schema<Record>) -> Schema<Record> + Send + Sync + 'static,
    ) -> Result<Tests, Diagnostics> {
        self.tests_over(RecordSchema::new(P::describe(Schema::new()).shape()), brought)
    }

    fn tests_over(
        &self,
        records: RecordSchema,
        brought: impl Fn(Schema<Record>) -> Schema<Record> + Send + Sync + 'static,
    ) -> Result<Tests, Diagnostics> {
        let engine = self.bind_with(brought(records.schema()))?;
        Ok(Tests { rules: self.clone(), engine, records, brought: Box::new(brought) })
    }
}

impl Tests {
    /// Every test and every case, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = RuleTest<'_>> {
        self.checked().tests.iter().map(|test| RuleTest { tests: self, test })
    }

    /// Runs them all.
    pub fn run(&self) -> Report {
        let failures = self.iter().filter_map(|test| test.run().err()).collect();
        Report { tests: self.checked().tests.len(), failures, findings: self.findings() }
    }

    /// The segments, clauses and actions that no test reaches.
    pub fn coverage(&self) -> Coverage {
        Coverage::of(self)
    }

    fn checked(&self) -> &Rules {
        self.engine.rules()
    }
}

impl<'t> RuleTest<'t> {
    /// What it is called; of a case the test comes first.
    pub fn name(&self) -> &'t str {
        &self.test.name
    }

    /// The file and line where it stands.
    pub fn place(&self) -> String {
        self.tests.place(self.test.span)
    }

    /// Whether what it expects comes of what it gives; else what came.
    ///
    /// # Errors
    /// [`Failure`]: every difference, with the trace of what was expected.
    pub fn run(&self) -> Result<(), Failure> {
        match self.scene() {
            Ok(scene) => scene.judge(self),
            Err(problem) => Err(Failure::broken(self, problem)),
        }
    }

    /// The rules with the segments that are given, the customer, and what is asked.
    fn scene(&self) -> Result<Scene, String> {
        let Tests { rules, records, brought, .. } = self.tests;
        let pinned: Vec<(usize, bool)> = self
            .test
            .given
            .iter()
            .filter_map(|given| match given {
                Given::Segment { definition, is_in } => Some((*definition, *is_in)),
                _ => None,
            })
            .collect();
        let engine = match pinned.is_empty() {
            true => self.tests.engine.clone(),
            false => rules.rebound(self.tests.checked(), &pinned, brought(records.schema())),
        };
        let customer = customer::of(self.test, engine.rules(), records).map_err(|error| error.to_string())?;
        let request = customer::request(self.test, &engine).map_err(|error| error.to_string())?;
        Ok(Scene { engine, customer, request })
    }
}

impl fmt::Debug for RuleTest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RuleTest").field(&self.name()).finish()
    }
}

/// All that a test asks with.
struct Scene {
    engine: Engine<Record>,
    customer: Record,
    request: Request,
}

impl Report {
    /// Whether no test failed, and all that was sought was found.
    pub fn passed(&self) -> bool {
        self.failures.is_empty() && self.missed().next().is_none()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for failure in &self.failures {
            writeln!(f, "{failure}")?;
        }
        for finding in &self.findings {
            writeln!(f, "{finding}\n")?;
        }
        write!(f, "{} of {} tests of the rules passed", self.tests.saturating_sub(self.failures.len()), self.tests)
    }
}
