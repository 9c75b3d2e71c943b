//! What rules mean of texts whose case never matters, and of values that hold others: lists, maps, rows.
//!
//! Every case is asked of the engine (in all the ways there are to ask) and of the oracle.

#![allow(dead_code)] // The generator is for properties.rs.

mod oracle;

use nextbest::Instant;
use oracle::Oracle;
use oracle::customer::{Customer, Row, Situation};
use oracle::engine::{compare, engine};
use oracle::value::Truth::{self, False, True, Unknown};
use oracle::value::Val;

/// Someone of whom only an id is known, at noon in Paris.
struct Given(Situation);

fn nobody() -> Given {
    let mut customer = Customer::default();
    customer.attributes.insert("person".into(), text("customer-1"));
    Given(Situation { now: instant("2026-05-14T12:00:00+02:00"), context: Default::default(), customer, crowd: None })
}

impl Given {
    fn with(mut self, name: &str, value: Val) -> Self {
        self.0.customer.attributes.insert(name.into(), value);
        self
    }

    fn context(mut self, name: &str, value: Val) -> Self {
        self.0.context.insert(name.into(), value);
        self
    }

    fn event(mut self, kind: &str, at: &str, properties: &[(&str, Val)]) -> Self {
        let properties = properties.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let rows = &mut self.0.customer.histories.entry(kind.into()).or_default().rows;
        rows.push(Row { at: instant(at), sequence: 0, properties });
        self
    }
}

fn instant(text: &str) -> Instant {
    Instant::parse(text).expect("an instant")
}

fn text(text: &str) -> Val {
    Val::Text(text.into())
}

fn texts(texts: &[&str]) -> Val {
    Val::Texts(texts.iter().map(|text| (*text).to_owned()).collect())
}

/// Asserts the truth of conditions in a world, by the engine and by the oracle.
#[track_caller]
fn hold(world: &str, given: &Given, cases: &[(&str, Truth)]) {
    let segments: Vec<String> =
        cases.iter().enumerate().map(|(i, (condition, _))| format!("segment s{i} when {condition}")).collect();
    let text = format!("{world}\n{}", segments.join("\n"));
    let subject = engine(&text).unwrap_or_else(|problems| panic!("{problems}"));
    let oracle = Oracle::new(subject.rules(), &given.0);
    for (i, (condition, expected)) in cases.iter().enumerate() {
        let id = subject.rules().definitions.iter().position(|d| d.name == format!("s{i}")).expect("the segment");
        assert_eq!(oracle.truth_of(id), *expected, "{condition} for\n{}", given.0);
    }
    let compared = compare(&subject, std::slice::from_ref(&given.0));
    let differences: Vec<String> = compared.disagreements.iter().map(ToString::to_string).collect();
    assert!(differences.is_empty(), "{}\n{text}\n{}", differences.join("\n"), given.0);
}

const NOCASE: &str = r#"
profile { person id  email text? nocase pii  tags list<text>? nocase  city text?  other text? }
context { page text? nocase }
event visit { page text? nocase  exact text? }
let mail = email
let same_mail = mail
score domain on email { 1 if = "A@X.COM", else 0 }
"#;

#[test]
fn every_comparison_of_a_text_declared_nocase_ignores_case() {
    let given = nobody().with("email", text("Ann@X.com")).with("city", text("Paris")).with("other", text("ann@x.COM"));
    hold(
        NOCASE,
        &given,
        &[
            ("email = \"ann@x.com\"", True),
            ("email != \"ANN@X.COM\"", False),
            ("\"ann@x.com\" = email", True),
            ("email in [\"b@x.com\", \"ANN@x.com\"]", True),
            ("email not in [\"ANN@x.com\"]", False),
            ("email contains \"@X.C\"", True),
            ("email does not contain \"@x.c\"", False),
            ("email starts with \"ANN\"", True),
            ("email ends with \".COM\"", True),
            ("email matches \"^ann@\"", True),
            ("email = \"ann@x.com\" ignoring case", True),
            // Of two texts it is enough that one of them does not mind.
            ("email = other", True),
            ("other = email", True),
            ("other = \"ANN@x.com\"", False),
            ("city = \"paris\"", False),
            // By whatever name.
            ("mail = \"ann@x.com\"", True),
            ("same_mail starts with \"ANN\"", True),
            ("domain = 0", True),
            ("length(email) = 9", True),
        ],
    );
    hold(NOCASE, &nobody(), &[("email != \"a\"", Unknown), ("email matches \"a\"", Unknown)]);
}

#[test]
fn lists_context_and_events_ignore_case_where_declared() {
    let given = nobody()
        .with("tags", texts(&["VIP", "Éco"]))
        .context("page", text("Home"))
        .event("visit", "2026-05-13T12:00:00Z", &[("page", text("Home")), ("exact", text("Home"))])
        .event("visit", "2026-05-14T08:00:00Z", &[("page", text("HOME")), ("exact", text("HOME"))]);
    hold(
        NOCASE,
        &given,
        &[
            ("tags contains \"vip\"", True),
            ("tags contains all of [\"éco\", \"Vip\"]", True),
            ("tags contains none of [\"ÉCO\"]", False),
            ("context.page = \"home\"", True),
            ("any(visit where page = \"home\")", True),
            ("any(visit where exact = \"home\")", False),
            ("any(visit where page = customer.other)", False),
            ("any(visit where exact = context.page)", True),
            ("last(visit).page = \"home\"", True),
            ("last(visit).exact = \"home\"", False),
            ("count(distinct visit.page) = 1", True),
            ("count(distinct visit.exact) = 2", True),
        ],
    );
}
