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

const LISTS: &str = r#"
profile { person id  email text? nocase  plan enum(basic, pro)?  points int?  birth date?  clv money EUR? }
list staff ["ann@x.com", "bob@x.com"]
list paid ["pro"]
list lucky [-7, 7, 13]
list feasts [2026-12-25, 2026-12-31]
list prices [5 EUR, 7.50 EUR]
list newsletter
list press
event order { plan text? }
"#;

#[test]
fn a_list_of_fixed_values_is_like_the_values_in_brackets() {
    let given = nobody()
        .with("email", text("BOB@x.com"))
        .with("plan", Val::Category(1))
        .with("points", Val::Int(-7))
        .with("clv", Val::Money(750))
        .event("order", "2026-05-13T12:00:00Z", &[("plan", text("pro"))]);
    hold(
        LISTS,
        &given,
        &[
            ("email in list staff", True),
            ("email not in list staff", False),
            ("not email in list staff", False),
            // One list may be asked about a choice here and about a text there.
            ("plan in list paid", True),
            ("any(order where plan in list paid)", True),
            ("points in list lucky", True),
            ("points + 1 in list lucky", False),
            ("clv in list prices", True),
            ("birth in list feasts", Unknown),
            ("birth not in list feasts", Unknown),
            ("birth not in list feasts or missing", True),
        ],
    );
}

#[test]
fn who_is_on_a_list_the_program_knows_or_does_not() {
    let mut given = nobody();
    let cases = |on: Truth, off: Truth| {
        [
            ("in list newsletter", on),
            ("not in list newsletter", off),
            ("not (in list newsletter)", off),
            ("not (not in list newsletter)", on),
            ("any(order) or in list newsletter", on),
        ]
    };
    hold(LISTS, &given, &cases(Unknown, Unknown));
    hold(LISTS, &given, &[("in list newsletter or missing", True), ("not in list newsletter or missing", True)]);
    given.0.customer.lists = Some(["newsletter".to_owned()].into());
    hold(LISTS, &given, &cases(True, False));
    hold(LISTS, &given, &[("in list press", False), ("in list press or in list newsletter", True)]);
}
