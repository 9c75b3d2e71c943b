//! What `exposed(reminder)` and its like mean: outcomes of contacts as event clauses. Every case is asked of the engine (in all
//! the ways there are to ask) and of the oracle.

use crate::oracle::Oracle;
use crate::oracle::contact::CONTACT;
use crate::oracle::customer::{Customer, Row, Situation};
use crate::oracle::engine::{compare, engine};
use crate::oracle::value::Truth::{self, False, True, Unknown};
use crate::oracle::value::Val;
use nextbest::{
    Category, Contact, ContactKind, Event, EventSchema, Events, Instant, Outcome, Ruleset, Schema, Truth as Truths,
};

const WORLD: &str = r#"
ruleset test { currency EUR }
profile { person id }
event order { total int }
channel email outbound needs consent email.marketing
program winback {
  campaign come_back for everyone every {
    service gift { basis contract treat email "a" }
    service reminder { basis contract treat email "b" }
  }
}
program cart {
  campaign rescue for everyone every { service nudge { basis contract treat email "c" } }
  campaign rescued for everyone every { service reminder { basis contract treat email "d" } }
}
"#;

struct Order(Instant);

impl Event for Order {
    fn at(&self) -> Instant {
        self.0
    }

    fn describe(schema: EventSchema<Self>) -> EventSchema<Self> {
        schema.int("total", |_| Some(1)).required()
    }
}

/// A contact's row as (id, outcome, action, days ago).
type Said<'a> = (&'a str, Outcome, &'a str, i64);

fn hold(contacts: &[Said<'_>], orders: &[i64], cases: &[(&str, Truth)]) {
    hold_in(contacts, None, orders, cases);
}

/// Of contacts that are complete since so many days ago.
fn hold_since(contacts: &[Said<'_>], since: i64, cases: &[(&str, Truth)]) {
    hold_in(contacts, Some(since), &[], cases);
}

fn hold_in(contacts: &[Said<'_>], since: Option<i64>, orders: &[i64], cases: &[(&str, Truth)]) {
    let now = Instant::parse("2026-03-30T12:00:00Z").expect("an instant");
    let ago = |days: i64| now.saturating_sub_millis(days * 86_400_000);
    let text = |text: &str| Val::Text(text.into());
    let mut customer = Customer::default();
    customer.attributes.insert("person".into(), text("p"));
    let row = |&(id, outcome, action, days): &Said<'_>| Row {
        at: ago(days),
        sequence: 0,
        properties: [
            ("id", text(id)),
            ("outcome", Val::Category(outcome.index())),
            ("action", text(action)),
            ("kind", Val::Category(0)),
            ("channel", text("email")),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into(),
    };
    let history = customer.histories.entry(CONTACT.into()).or_default();
    history.rows = contacts.iter().map(row).collect();
    history.complete_since = since.map(ago);
    let order = |&days: &i64| Row { at: ago(days), sequence: 0, properties: [("total".into(), Val::Int(1))].into() };
    customer.histories.entry("order".into()).or_default().rows = orders.iter().map(order).collect();
    let given = Situation { now, context: Default::default(), customer, crowd: None };
    let segments: Vec<String> =
        cases.iter().enumerate().map(|(i, (condition, _))| format!("segment s{i} when {condition}")).collect();
    let subject = engine(&format!("{WORLD}{}", segments.join("\n"))).unwrap_or_else(|problems| panic!("{problems}"));
    let oracle = Oracle::new(subject.rules(), &given);
    let truths: Vec<_> = (0..cases.len()).map(|i| (cases[i].0, oracle.truth_of(i))).collect();
    assert_eq!(truths, cases);
    let compared = compare(&subject, &[given]);
    assert!(compared.disagreements.is_empty(), "{:?}", compared.disagreements);
}

#[test]
fn exposed_is_sent_or_shown_and_not_failed() {
    hold(
        &[
            ("a", Outcome::Sent, "winback.come_back.gift", 2),
            ("b", Outcome::Impression, "cart.rescue.nudge", 9),
            ("c", Outcome::Sent, "cart.rescued.reminder", 1),
            ("c", Outcome::Failed, "cart.rescued.reminder", 1),
            ("d", Outcome::Pending, "winback.come_back.reminder", 1),
            ("a", Outcome::Clicked, "winback.come_back.gift", 1),
        ],
        &[],
        &[
            ("any(exposed(gift))", True),
            ("any(exposed(gift) within 1 day)", False),
            ("any(exposed(come_back.gift) within 3 days)", True),
            ("any(exposed(winback))", True),
            ("any(exposed(nudge) within 7 days)", False),
            ("any(exposed(nudge))", True),
            // What starts alike is something else.
            ("any(exposed(rescue))", True),
            ("any(exposed(rescued))", False),
            ("any(exposed(cart.rescued.reminder))", False),
            ("any(sent(cart.rescued.reminder))", True),
            ("any(failed(any))", True),
            ("any(exposed(come_back.reminder))", False),
            ("any(pending(come_back.reminder))", True),
            ("count(exposed(any)) = 2", True),
            ("none(clicked(gift) within 3 days)", False),
            ("any(clicked(any) where channel = \"email\" and action = \"winback.come_back.gift\")", True),
            ("last(exposed(any)).kind = \"offer\"", True),
            ("time since last(clicked(gift)) <= 1 day", True),
            ("any(exposed(any) as e where any(clicked(any) where id = e.id and at >= e.at))", True),
            ("any(exposed(any) as e where channel = \"sms\")", False),
        ],
    );
}

#[test]
fn exposures_begin_sequences() {
    let sent = [("a", Outcome::Sent, "winback.come_back.gift", 3)];
    let asked = "(exposed(gift) within 5 days) then not order within 24 hours";
    hold(&sent, &[], &[(asked, True), ("exposed(gift) then order", False)]);
    hold(&sent, &[2], &[(asked, False), ("exposed(gift) then order", True)]);
    hold(
        &sent,
        &[2],
        &[
            ("exposed(any) then order within 1 day", True),
            ("sent(ANY) then order then not clicked(any) within 1 day", True),
            ("last exposed(any) then order", True),
            ("order then exposed(any)", False),
            ("clicked(any) then order", False),
        ],
    );
    let failed = [sent[0], ("a", Outcome::Failed, "winback.come_back.gift", 2)];
    hold(&failed, &[], &[(asked, False), ("any(exposed(any))", False)]);
}

#[test]
fn a_contact_has_failed_if_any_of_its_rows_says_so() {
    let failed = |days| {
        let rows = [
            ("a", Outcome::Failed, "winback.come_back.gift", days),
            ("a", Outcome::Sent, "winback.come_back.gift", 3),
            ("b", Outcome::Sent, "winback.come_back.gift", 4),
        ];
        move |cases: &[(&str, Truth)]| hold(&rows, &[], cases)
    };
    // Before, at the same time, behind, and not yet.
    for days in [5, 3, 0] {
        failed(days)(&[("count(exposed(gift)) = 1", True), ("any(exposed(gift) within 3 days)", False)]);
    }
    failed(-1)(&[("count(exposed(gift)) = 2", True), ("any(exposed(any) within 4 days)", True)]);
}

#[test]
fn a_late_history_leaves_exposures_before_it_open() {
    let rows = [
        ("a", Outcome::Sent, "winback.come_back.gift", 9),
        ("b", Outcome::Sent, "cart.rescue.nudge", 3),
        ("c", Outcome::Sent, "cart.rescued.reminder", 9),
        ("c", Outcome::Failed, "cart.rescued.reminder", 2),
    ];
    hold_since(
        &rows,
        5,
        &[
            ("any(exposed(nudge))", True),
            ("any(exposed(nudge) within 4 days)", True),
            ("none(exposed(gift) within 4 days)", True),
            // That it failed may be among what is lacking.
            ("any(exposed(gift))", Unknown),
            ("any(sent(gift))", True),
            ("any(clicked(any))", Unknown),
            ("none(exposed(rescued) within 9 days)", Unknown),
            ("any(failed(rescued))", True),
            ("count(exposed(any)) >= 1", True),
            ("count(exposed(any)) < 1", False),
            ("count(exposed(any)) = 1", Unknown),
            ("exposed(gift) then exposed(nudge)", Unknown),
        ],
    );
}

#[test]
fn contacts_that_nobody_knows_of_settle_nothing() {
    let asked =
        ["any(exposed(any))", "none(clicked(gift) within 3 days)", "count(sent(any)) = 0", "exposed(any) then order"];
    let segments: Vec<String> =
        asked.iter().enumerate().map(|(i, condition)| format!("segment s{i} when {condition}")).collect();
    // A program's own function may give no id.
    let world = WORLD.replace("person id", "person id?");
    let rules = Ruleset::parse(&[("a.nba", &*format!("{world}{}", segments.join("\n")))]).unwrap();
    struct Customer(Option<Events<Contact>>, Events<Order>);
    let schema = Schema::<Customer>::new()
        .id_text("person", |_| Some("p"))
        .required()
        .events("order", |customer| &customer.1)
        .consents(|_| &[])
        .contacts_if_known(|customer| customer.0.as_ref());
    let engine = rules.bind_with(schema).unwrap_or_else(|problems| panic!("{problems}"));
    let request = engine.request(Instant::parse("2026-03-30T12:00:00Z").unwrap());
    for (contacts, expected) in [
        (None, vec![Truths::Unknown; 4]),
        (Some(Events::default()), { vec![Truths::False, Truths::True, Truths::True, Truths::False] }),
    ] {
        let customer = Customer(contacts, Events::default());
        let truth = |i| {
            let segment = engine.segment(&format!("s{i}")).unwrap();
            engine.explain_segment(&customer, &request, segment).unwrap().truth
        };
        assert_eq!((0..4).map(truth).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn explanations_name_the_contact_and_no_personal_data() {
    let text = format!(
        "{}segment s when any(exposed(gift) where channel = customer.email within 3 days) and count(clicked(any)) < 2 and customer.email is known",
        WORLD.replace("person id", "person id  email text? pii"),
    );
    let rules = Ruleset::parse(&[("a.nba", text.as_str())]).unwrap();
    let engine = rules.bind_records().unwrap_or_else(|problems| panic!("{problems}"));
    let mut customer = rules.record_schema().unwrap().record();
    customer.set("email", "ann@example.com").unwrap();
    let request = engine.request(Instant::parse("2026-03-30T12:00:00Z").unwrap());
    let mut add = |outcome, at: &str| {
        let (id, action) = ("m-7".into(), "winback.come_back.gift".into());
        let at = Instant::parse(at).unwrap();
        let channel = "ann@example.com".into();
        let contact = Contact { id, at, outcome, action, kind: ContactKind::Offer, channel, variant: None };
        customer.add_contact(contact).unwrap();
    };
    add(Outcome::Sent, "2026-03-28T09:00:00Z");
    add(Outcome::Impression, "2026-03-29T09:00:00Z");
    add(Outcome::Clicked, "2026-03-29T09:01:00Z");
    let trace = engine.explain_segment(&customer, &request, engine.segment("s").unwrap()).unwrap();
    assert_eq!(trace.truth, Truths::True);
    let shown = trace.to_string();
    for part in [
        "number of such events is 2; found winback.come_back.gift, impression at 2026-03-29T09:00:00Z; within 3 days",
        "count(clicked(any)) is 1; found winback.come_back.gift, clicked at 2026-03-29T09:01:00Z\n",
        "customer.email is ‹redacted›",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    let json = serde_json::to_string(&trace).unwrap();
    let found = r#""contacts":[{"at":"2026-03-29T09:01:00Z","action":"winback.come_back.gift","outcome":"clicked"}]"#;
    assert!(json.contains(found), "{json}");
    for hidden in ["ann@", "m-7"] {
        assert!(!shown.contains(hidden) && !json.contains(hidden), "{hidden}\n{shown}");
    }
}

#[test]
fn the_nearest_action_is_meant() {
    let bind = |clause: &str, end: &str| {
        let campaign = format!(
            "program more {{ campaign own for everyone every {{ {clause} service reminder {{ basis contract treat email \"e\" }} }} }}"
        );
        Ruleset::parse(&[("a.nba", &*format!("{WORLD}{campaign}{end}"))]).unwrap().bind_records()
    };
    assert!(bind("applicable when none(exposed(reminder) within 3 days)", "").is_ok());
    let ambiguous = bind("", "\nsegment s when any(exposed(reminder))").unwrap_err().to_string();
    assert!(ambiguous.contains("winback.come_back.reminder"), "{ambiguous}");
    let engine = bind("", "\nsegment s when any(exposed(gift) within 3 days)").unwrap();
    assert_eq!(serde_json::to_value(engine.needs().contacts).unwrap()["last"]["days"], 3);
    assert!(engine.needs().events.is_empty());
}
