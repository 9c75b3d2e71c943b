//! What rules mean that ask about one event in the light of another: rows with a name, windows around another moment.

use crate::oracle::given::{Given, at, instant, text};
use crate::oracle::value::Truth::{self, False, True, Unknown};
use crate::oracle::value::Val;
use nextbest::Instant;

/// Someone of whom only an id is known, at noon in Paris on the day after the clocks went forward.
fn nobody() -> Given {
    at("2026-03-30T12:00:00+02:00")
}

const WORLD: &str = r#"
ruleset test { zone "Europe/Paris" }
profile { person id  signup instant?  born date? }
event send { campaign int?  kind text }
event redeemed { campaign int?  kind text }
event order { product text?  size number? }
"#;

/// Conditions have these truths, by the engine and by the oracle.
#[track_caller]
fn hold(given: &Given, cases: &[(&str, Truth)]) {
    given.hold(WORLD, cases);
}

#[test]
fn both_ends_of_an_anchored_window_belong_to_it() {
    let given = nobody()
        .with("signup", Val::Instant(instant("2026-03-28T12:00:00+01:00")))
        .event("order", "2026-03-28T12:00:00+01:00", &[])
        .event("order", "2026-03-29T12:00:00+02:00", &[]);
    hold(
        &given,
        &[
            ("count(order within 1 day after signup) = 2", True), // a day of 23 hours
            ("count(order within 23 hours after signup) = 2", True),
            ("count(order within 22 hours after signup) = 1", True),
            ("count(order within 1 hour before signup) = 1", True),
            ("count(order within 23 hours of signup) = 2", True),
            ("any(order within 1 day before (last(order)))", True),
            ("last(order) is within 1 day after signup", True),
            ("last(order) is within 22 hours of signup", False),
        ],
    );
}

#[test]
fn a_day_as_the_anchor_counts_whole_days() {
    let given = nobody()
        .with("born", Val::Date(nextbest::Date::parse("2026-03-28").expect("a day")))
        .event("order", "2026-03-28T00:00:00+01:00", &[])
        .event("order", "2026-03-29T23:59:59+02:00", &[]);
    hold(
        &given,
        &[
            ("count(order within 1 day after born) = 2", True),
            ("count(order within 1 day before born) = 1", True),
            ("count(order within 1 day of born) = 2", True),
            ("born is within 1 day before 2026-03-29", True),
            ("last(order) is within 1 day after born", True),
        ],
    );
}

#[test]
fn without_the_anchor_nothing_is_known_not_even_that_there_was_nothing() {
    hold(
        &nobody(),
        &[
            ("none(order within 24 hours after signup)", Unknown),
            ("any(order within 24 hours after last(send))", Unknown),
            ("count(order within 24 hours after signup) = 0", Unknown),
            ("count(order within 24 hours after signup) is missing", True),
            ("none(order within 24 hours after signup) or missing", True),
            ("all(order within 24 hours after signup have size > 0.0)", Unknown),
            ("signup is within 2 days of now", Unknown),
        ],
    );
}

#[test]
fn events_later_than_now_are_not_seen_and_late_histories_are_honest() {
    let given = nobody()
        .with("signup", Val::Instant(instant("2026-03-30T11:00:00+02:00")))
        .event("order", "2026-03-30T13:00:00+02:00", &[])
        .complete_since("send", "2026-03-30T11:30:00+02:00");
    hold(
        &given,
        &[
            ("any(order within 1 day after signup)", False),
            ("none(send within 1 day after signup)", Unknown),
            ("none(send within 1 day after now)", True), // of it only this moment has come, and it is covered
        ],
    );
}

#[test]
fn rows_are_joined_by_what_they_have_in_common() {
    let one = |n: i64| [("campaign", Val::Int(n)), ("kind", text("A"))];
    let given = nobody()
        .event("send", "2026-03-01T09:00:00Z", &one(1))
        .event("send", "2026-03-02T09:00:00Z", &one(2))
        .event("send", "2026-03-03T09:00:00Z", &[("kind", text("A"))])
        .event("redeemed", "2026-03-05T09:00:00Z", &one(1))
        .event("redeemed", "2026-03-06T09:00:00Z", &[("kind", text("B"))]);
    hold(
        &given,
        &[
            ("count(send as s where none(redeemed where campaign = s.campaign)) = 2", True),
            ("count(send as s where any(redeemed where campaign = s.campaign)) = 1", True),
            // Unknown equals nothing, itself included.
            ("count(send as s where campaign is missing and any(redeemed where campaign = s.campaign)) = 0", True),
            ("any(send as s where any(redeemed where campaign = s.campaign and kind = s.kind))", True),
            ("any(send as s where any(redeemed where campaign = s.campaign within 3 days after s.at))", False),
            ("any(send as s where any(redeemed where campaign = s.campaign within 4 days after s.at))", True),
            ("any(send where any(redeemed within 3 days after at))", True),
            ("last(send as s where any(redeemed where campaign = s.campaign)).campaign = 1", True),
            ("all(send as s have any(redeemed where kind = s.kind))", True),
            ("any(send as s where s.campaign = 2 and campaign = 2)", True),
        ],
    );
}

#[test]
fn every_level_sees_those_around_it() {
    let of = |product: &str, size: f64| [("product", text(product)), ("size", Val::Number(size))];
    let given = nobody()
        .event("order", "2026-03-01T09:00:00Z", &of("shoes", 1.0))
        .event("order", "2026-03-02T09:00:00Z", &of("shoes", 2.0))
        .event("order", "2026-03-03T09:00:00Z", &of("socks", -0.0))
        .event("order", "2026-03-04T09:00:00Z", &of("socks", 0.0));
    hold(
        &given,
        &[
            ("count(order as o where any(order where product = o.product and at < o.at)) = 2", True),
            ("count(order as o where any(order where size = o.size and at < o.at)) = 1", True),
            ("count(order as o where count(order where product = o.product and size = o.size) >= 2) = 2", True),
            (
                "any(order as a where any(order as b where product = a.product and at > a.at \
                 and none(order where product = b.product and at > a.at and at < b.at)))",
                True,
            ),
            ("count(order as a where sum(order.size where product = a.product) = 3.0) = 2", True),
            ("count(order as a where count(order where at > a.at) = 0) = 1", True),
        ],
    );
}

#[test]
fn a_join_asks_of_each_row_only_those_that_share_its_key() {
    use nextbest::{Event, EventSchema, Events, Ruleset, Schema};
    use std::sync::atomic::{AtomicUsize, Ordering};

    static READ: AtomicUsize = AtomicUsize::new(0);
    struct Deed {
        at: Instant,
        key: i64,
    }
    impl Event for Deed {
        fn at(&self) -> Instant {
            self.at
        }
        fn describe(schema: EventSchema<Self>) -> EventSchema<Self> {
            schema.int("key", |deed| {
                READ.fetch_add(1, Ordering::Relaxed);
                Some(deed.key)
            })
        }
    }
    type Shelf = (Events<Deed>, Events<Deed>);
    let reads_of = |condition: &str, n: i64, keys: i64| {
        let rules = format!("ruleset r {{ zone \"UTC\" }}\nsegment answered when {condition}");
        let schema = Schema::<Shelf>::new().events("asked", |c| &c.0).events("answered", |c| &c.1);
        let engine = Ruleset::parse(&[("a.nba", rules)]).and_then(|rules| rules.bind_with(schema)).expect("rules");
        let deed = |at: i64, key: i64| Deed { at: Instant::from_millis(at), key: key % keys };
        let deeds = |from: i64| (0..n).map(|key| deed(from + key, key)).collect();
        let (request, segment) =
            (engine.request(Instant::from_millis(9 * n + 600_000)), engine.segment("answered").expect("it"));
        READ.store(0, Ordering::Relaxed);
        assert!(engine.evaluator().is_in(&(deeds(0), deeds(n)), &request, segment).expect("of this engine"));
        READ.load(Ordering::Relaxed)
    };
    let reads = |n| reads_of("count(asked as a where none(answered where key = a.key)) = 0", n, n);
    // Each row's key is read once, and once more on the other side.
    assert_eq!(reads(1_000), 2_000);
    assert_eq!(reads(2_000), 4_000);
    // The same of sequences, whether the keys are all different or all the same.
    let chain = "not ((asked as a within 1 hour) then not (answered where key = a.key) within 1 minute)";
    for keys in [|n| n, |_| 1] {
        let (once, twice) = (reads_of(chain, 1_000, keys(1_000)), reads_of(chain, 2_000, keys(2_000)));
        assert!(twice <= 2 * once + 10, "{once} reads, and of twice as many events {twice}");
    }
}
