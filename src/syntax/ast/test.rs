//! Decision tests: what is given of a customer, and what is expected of the rules.

use serde::{Deserialize, Serialize};

use super::{ConsentPath, Duration, Expr, Moment, Name, Spanned};
use crate::diagnostic::Span;

/// What a test or one of its cases says.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestLines {
    /// `now 2026-03-10T12:00:00+01:00`
    pub now: Option<Spanned<Moment>>,
    /// `given order { total: 50 EUR } 2 days ago, age = 31`
    pub given: Vec<Spanned<Given>>,
    /// `on web.hero, email`: each a channel, and perhaps a slot of it.
    pub on: Vec<Spanned<Vec<Name>>>,
    /// `expect service.care.apology`, `why not winback.gift = suppressed`
    pub expect: Vec<Spanned<Expected>>,
}

/// `case "three days later" given … expect …`: a test of its own, with all that the test around it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestCase {
    /// What it is about.
    pub name: Name,
    /// What it says besides; `now` and `on` take the place of the test's.
    pub lines: TestLines,
    /// Where.
    #[serde(skip)]
    pub span: Span,
}

/// What is so before the rules are asked.
#[allow(clippy::large_enum_variant)] // most are events and values, the large kinds
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Given {
    /// `in segment vip`, `not in segment vip`: whatever the segment's own rule says.
    Segment {
        /// Whether `not` stands before it.
        negated: bool,
        /// Which.
        segment: Name,
    },
    /// `age = 31`, `context.weather = "rain"`, `intent = 70% 2 days ago`
    Value {
        /// An attribute, or `context` and one of its values.
        path: Spanned<Vec<Name>>,
        /// A constant.
        value: Expr,
        /// As of when it is known.
        moment: Option<Spanned<TestMoment>>,
    },
    /// `5 orders { total: 50 EUR } 2 days ago`
    Events {
        /// How many; one where nothing is written.
        count: Option<Spanned<i64>>,
        /// Of which kind; in the plural behind a number, if need be.
        event: Name,
        /// What is known of each of them.
        properties: Vec<Property>,
        /// When.
        moment: Option<Spanned<TestMoment>>,
    },
    /// `exposed reminder on email 26 hours ago`
    Contact {
        /// What came of it.
        outcome: Name,
        /// The action that it was about.
        action: TestAction,
        /// On which channel.
        channel: Option<Name>,
        /// When.
        moment: Spanned<TestMoment>,
    },
    /// `no order`
    None {
        /// Of which kind.
        event: Name,
    },
    /// `consent email.marketing until 2026-04-01T00:00:00Z`, `no consent email.marketing`
    Consent {
        /// Whether `no` stands before it.
        negated: bool,
        /// For what.
        consent: ConsentPath,
        /// Until just before when.
        until: Option<Spanned<Moment>>,
    },
}

/// `total: 50 EUR`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Property {
    /// Of the event.
    pub name: Name,
    /// A constant.
    pub value: Expr,
}

/// An action as a test names it: `winback.gift`, and where it is made of rows `pick["boots"]` for one of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestAction {
    /// Its path, or the end of it.
    pub path: Spanned<Vec<Name>>,
    /// The id of the row, a constant; all of them where nothing is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<Expr>,
    /// All of it.
    #[serde(skip)]
    pub span: Span,
}

/// When something was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TestMoment {
    /// `2 days ago`, counted from the test's own now.
    Ago(Duration),
    /// `at 2026-03-08T12:00:00+01:00`
    At(Moment),
}

/// What must come of it.
#[allow(clippy::large_enum_variant)] // files have few of them
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Expected {
    /// `service.care.apology`: this action wins.
    Action(TestAction),
    /// `nothing because quiet until 2026-03-11T09:00:00+01:00`
    Nothing {
        /// A reason, or the stage at which the nearest action left.
        because: Option<Name>,
        /// When it is worth while to ask again.
        until: Option<Spanned<Moment>>,
    },
    /// `rfm = 7`, of a `let`, `score`, `group` or `stages`.
    Value {
        /// Its name.
        name: Name,
        /// A constant; `None` for `is missing`.
        value: Option<Expr>,
    },
    /// `in segment vip`, `not in segment vip`
    Segment {
        /// Whether `not` stands before it.
        negated: bool,
        /// Which.
        segment: Name,
    },
    /// `why not winback.come_back.gift = suppressed`
    WhyNot {
        /// An action.
        action: TestAction,
        /// A stage, or a reason for nothing.
        code: Name,
    },
}

/// What is asked of the rules as they stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Check {
    /// `check every campaign reachable`: there is a customer for each.
    EveryCampaignReachable,
    /// `check overlap vip, lapsed`: there is a customer in both.
    Overlap(Name, Name),
}
