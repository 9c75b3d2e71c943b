//! What users of other systems complain of, one test each: the nineteen troubles of the reference's chapter 4, and what our
//! answer is.

use crate::oracle::engine::{engine, truths};
use crate::oracle::given::{Given, WORLD, all, at, date, moment, nobody, text};
use crate::oracle::value::Truth::{False, True, Unknown};
use crate::oracle::value::Val;
use nextbest::diagnostic::Code;
use nextbest::{Instant, Limits, Ruleset, Truth as Shown};

/// What is wrong with some rules, code by code.
fn codes(rules: &str) -> Vec<Code> {
    let text = format!("{WORLD}{rules}");
    let found = match Ruleset::parse(&[("rules.nba", &text)]).and_then(|rules| rules.bind_records().map(drop)) {
        Ok(()) => return Vec::new(),
        Err(found) => found,
    };
    found.iter().map(|problem| problem.code).collect()
}

fn rated(rating: f64) -> Given {
    nobody().with("rating", Val::Number(rating))
}

#[test]
fn complaint_01_not_having_ordered_does_not_drop_newcomers() {
    // A customer of one minute is among those who did not order for 30 days, and leaving newcomers out is said.
    all(&nobody(), True, &["none(order within 30 days)", "count(order within 30 days) = 0"]);
    let settled = "none(order within 30 days) and joined is older than 30 days";
    assert_eq!(nobody().with("joined", moment("2026-05-14T11:59:00+02:00")).is(settled), False);
    assert_eq!(nobody().with("joined", moment("2026-01-01T00:00:00+01:00")).is(settled), True);
}

#[test]
fn complaint_02_zero_is_a_count_like_any_other() {
    let zeros = ["count(order) = 0", "count(order) <= 1", "count(order) < 1", "not (count(order) >= 1)", "none(order)"];
    all(&nobody(), True, &zeros);
    let cheap = nobody().orders(&[500]);
    all(&cheap, True, &["count(order where total > 10 EUR) = 0", "count(order) = 1", "count(days with login) = 0"]);
    all(&cheap, False, &["count(order) = 0", "count(order) between 2 and 9"]);
}

#[test]
fn complaint_03_missing_values_follow_one_rule() {
    let questions =
        ["vip = false", "points = 0", "rating < 3.0", "born is before 2026-01-01", "name does not match \"^a\""];
    all(&nobody(), Unknown, &questions);
    for question in questions {
        assert_eq!(nobody().is(&format!("not ({question})")), Unknown, "{question}");
        assert_eq!(nobody().is(&format!("{question} or missing")), True, "{question}");
    }
    all(&nobody(), True, &["name is missing", "not (name is known)"]);
    all(&nobody().with("name", text("b")), True, &["name is known", "name does not match \"^a\""]);
}

#[test]
fn complaint_04_the_last_days_mean_one_thing() {
    // Seven days: not six, not eight, not from a midnight; and seven whole days of the calendar for a date.
    let week = "any(order within 7 days)";
    assert_eq!(nobody().order("2026-05-07T12:00:00.001+02:00").is(week), True);
    assert_eq!(nobody().order("2026-05-07T12:00:00+02:00").is(week), False);
    let days = |question: &str| (1..=28).filter(|day| renewed(*day).is(question) == True).collect::<Vec<u32>>();
    assert_eq!(days("renewal is in the last 7 days"), [8, 9, 10, 11, 12, 13, 14]);
    assert_eq!(days("renewal is in the next 7 days"), [14, 15, 16, 17, 18, 19, 20]);
}

fn renewed(day: u32) -> Given {
    nobody().with("renewal", date(&format!("2026-05-{day:02}")))
}

#[test]
fn complaint_04_the_explanation_shows_the_moments_that_were_meant() {
    let text = format!("{WORLD}segment asked when any(order within 1 month)");
    let rules = Ruleset::parse(&[("rules.nba", &text)]).expect("rules");
    let (engine, schema) = (rules.bind_records().expect("an engine"), rules.record_schema().expect("a schema"));
    let request = engine.request(instant("2026-03-31T12:00:00+02:00"));
    let segment = engine.segment("asked").expect("a segment");
    let trace =
        engine.explain_segment(&schema.record(), &request, segment).expect("a segment of this engine").condition;
    assert_eq!(trace.truth, Shown::False);
    let window = trace.windows.first().expect("a window");
    // Noon in Paris, on both sides of the change of clocks.
    assert_eq!((window.after, window.until), (instant("2026-02-28T11:00:00Z"), instant("2026-03-31T10:00:00Z")));
}

fn instant(text: &str) -> Instant {
    Instant::parse(text).expect("an instant")
}

#[test]
fn complaint_05_one_zone_written_then_the_customers_then_the_rulesets() {
    // Half past eleven at night in Paris, the next morning in Tokyo.
    let late = at("2026-05-14T23:30:00+02:00").with("born", date("1990-05-14"));
    let birthday = "anniversary of born = today";
    assert_eq!(late.is(birthday), True);
    assert_eq!(late.asks(&format!("segment asked in zone \"Asia/Tokyo\" when {birthday}")), False);
    let in_tokyo = late.with("zone", text("Asia/Tokyo"));
    assert_eq!(in_tokyo.is(birthday), False);
    assert_eq!(in_tokyo.asks(&format!("segment asked in zone \"Europe/Paris\" when {birthday}")), True);
}

#[test]
fn complaint_06_leap_years_and_year_ends_need_no_care() {
    let soon = "anniversary of born is in the next 7 days";
    let asked = |now: &str, born: &str| at(&format!("{now}T12:00:00+01:00")).with("born", date(born)).is(soon);
    assert_eq!(asked("2026-12-29", "1990-01-03"), True);
    assert_eq!(asked("2027-12-28", "1990-01-03"), True);
    // In a leap year nothing is skipped or asked twice: the days from 24 February to 2 March have each its day.
    for today in ["2028-02-23", "2028-02-24", "2028-02-28", "2028-02-29", "2028-03-01"] {
        assert_eq!(asked(today, &today.replace("2028", "2004")), True, "{today}");
    }
    assert_eq!(asked("2026-02-22", "2004-02-29"), True);
    assert_eq!(asked("2026-02-21", "2004-02-29"), False);
}

#[test]
fn complaint_07_windows_shrink_by_themselves() {
    let counted = |now: &str| {
        let ordered = at(now).order("2026-05-01T12:00:00+02:00").order("2026-05-08T12:00:00+02:00");
        (0..=2).find(|n| ordered.is(&format!("count(order within 7 days) = {n}")) == True)
    };
    // Nothing happens but time; what is still to come is not counted.
    let when = ["2026-05-01T11:59:59+02:00", "2026-05-01T12:00:00+02:00", "2026-05-07T12:00:00+02:00"];
    assert_eq!(when.map(counted), [Some(0), Some(1), Some(1)]);
    let when = ["2026-05-08T12:00:00+02:00", "2026-05-15T11:59:59+02:00", "2026-05-15T12:00:00+02:00"];
    assert_eq!(when.map(counted), [Some(1), Some(1), Some(0)]);
}

#[test]
fn complaint_08_one_evaluator_gives_one_answer() {
    // `is` asks one segment, all segments and the explanation, and compares them; the same pattern means the same in a segment,
    // in a filter and in a negation.
    let shouted =
        nobody().with("name", text("BIKES")).event("order", "2026-05-01T12:00:00Z", &[("category", text("BIKES"))]);
    all(&shouted, False, &["name matches \"^bikes\"", "any(order where category matches \"^bikes\")"]);
    let ignoring =
        ["name matches \"^bikes\" ignoring case", "any(order where category matches \"^bikes\" ignoring case)"];
    all(&shouted, True, &ignoring);
    all(&shouted, False, &["not (name matches \"^bikes\" ignoring case)"]);
}

#[test]
fn complaint_09_of_two_events_at_once_the_order_is_certain() {
    let both = |first: i64, second: i64| {
        let total = |cents: i64| [("total", Val::Money(cents))];
        let given = nobody().event_in_order("order", "2026-05-01T12:00:00Z", 1, &total(first));
        given.event_in_order("order", "2026-05-01T12:00:00Z", 2, &total(second))
    };
    all(&both(100, 900), True, &["last(order).total = 9 EUR", "first(order).total = 1 EUR", "count(order) = 2"]);
    all(&both(900, 100), True, &["last(order).total = 1 EUR", "first(order).total = 9 EUR"]);
}

#[test]
fn complaint_10_one_where_is_about_one_event() {
    let order = |total: i64, category: &str| [("total", Val::Money(total)), ("category", text(category))];
    let two = nobody().event("order", "2026-05-01T12:00:00Z", &order(9_000, "books")).event(
        "order",
        "2026-05-02T12:00:00Z",
        &order(500, "bikes"),
    );
    all(&two, False, &["any(order where category = \"bikes\" and total > 50 EUR)"]);
    all(&two, True, &["any(order where category = \"bikes\") and any(order where total > 50 EUR)"]);
}

#[test]
fn complaint_11_nothing_is_cut_off_silently() {
    let many = (0..300).fold(nobody(), |given, n| {
        let at = Instant::from_millis(instant("2026-05-01T12:00:00Z").millis() + n);
        given.event("order", &at.to_string(), &[("total", Val::Money(100))])
    });
    all(&many, True, &["count(order) = 300", "sum(order.total) = 300 EUR", "count(order where total = 1 EUR) > 299"]);
    // A history that is shorter than the window is no history of nothing.
    let young = nobody().complete_since("order", "2026-05-10T00:00:00Z").order("2026-05-11T12:00:00Z");
    all(
        &young,
        Unknown,
        &["count(order within 30 days) = 1", "count(order within 30 days) <= 5", "sum(order.items) > 3"],
    );
    all(&young, True, &["any(order within 30 days)", "count(order within 3 days) = 1"]);
}

#[test]
fn complaint_12_and_and_or_are_never_guessed_at() {
    assert_eq!(codes("segment a when vip or points > 3 and rating > 1.0"), [Code::MixedAndOr]);
    let (either, both) = ("vip or (points > 3 and rating > 1.0)", "(vip or points > 3) and rating > 1.0");
    let given = nobody().with("vip", Val::Bool(true)).with("points", Val::Int(0)).with("rating", Val::Number(0.5));
    assert_eq!((given.is(either), given.is(both)), (True, False));
}

#[test]
fn complaint_13_negations_are_negations() {
    for rating in [2.0, 3.0, 4.0] {
        let (known, given) = (rated(rating), |question: &str| rated(rating).is(question));
        assert_eq!(given("not (rating > 3.0)"), given("rating <= 3.0"), "{rating}");
        assert_eq!(given("rating not between 2.5 and 3.5"), given("not (rating between 2.5 and 3.5)"), "{rating}");
        assert_eq!(known.is("rating > 3.0 or not (rating > 3.0)"), True, "{rating}");
    }
    for (name, starts) in [("Ann", True), ("Bob", False)] {
        let given = nobody().with("name", text(name));
        assert_eq!(given.is("name starts with \"A\""), starts, "{name}");
        assert_eq!(given.is("not (name does not start with \"A\")"), starts, "{name}");
        // A capital in a pattern keeps its meaning.
        assert_eq!(given.is("name matches \"^\\\\S+$\" ignoring case"), True, "{name}");
    }
}

#[test]
fn complaint_14_segments_nest_to_any_depth_and_circles_are_shown() {
    let mut rules = String::from("segment s0 when points > 3\n");
    for n in 1..200 {
        rules += &format!("segment s{n} when not in segment s{}\n", n - 1);
    }
    // By the engine alone: the oracle is recursion.
    let engine = engine(&format!("{WORLD}{rules}")).unwrap_or_else(|problems| panic!("{problems}"));
    let found = truths(&engine, &nobody().with("points", Val::Int(4)).0);
    assert_eq!((found.first(), found.last()), (Some(&"true True".to_owned()), Some(&"false False".to_owned())));
    let circle = "segment a when in segment b\nsegment b when in segment c\nsegment c when in segment a";
    let found = Ruleset::parse(&[("rules.nba", circle)]).expect_err("a circle");
    assert_eq!(found.iter().map(|problem| problem.code).collect::<Vec<_>>(), [Code::Cycle]);
    let told = found.to_string();
    assert!(["`a`", "`b`", "`c`"].iter().all(|name| told.contains(name)), "{told}");
}

#[test]
fn complaint_15_a_sample_stays_the_same() {
    let question = "bucket(\"spring_test\") < 30%";
    let people: Vec<String> = (0..200).map(|n| format!("customer-{n}")).collect();
    let sample = |now: &str, points: i64| {
        let given = |id: &str| at(now).with("person", text(id)).with("points", Val::Int(points));
        people.iter().map(|id| given(id).is(question) == True).collect::<Vec<bool>>()
    };
    let today = sample("2026-05-14T12:00:00+02:00", 1);
    assert_eq!(today, sample("2027-01-01T00:00:00+01:00", 99));
    let chosen = today.iter().filter(|inside| **inside).count();
    assert!((40..=80).contains(&chosen), "{chosen} of 200");
}

#[test]
fn complaint_16_tables_have_no_holes() {
    let scores = "score r on count(order) { 2 if >= 2, else 1 }\nscore m on count(login) { 2 if >= 2, else 1 }\n";
    let whole = "group g on (r, m) { best if 2, 2 good if 2, any rest if 1, any }";
    assert_eq!(codes(&format!("{scores}{whole}\nsegment a when g = \"best\"")), []);
    let hole = "group g on (r, m) { best if 2, 2 good if 2, any rest if 1, 1 }";
    assert_eq!(codes(&format!("{scores}{hole}")), [Code::NotTotal]);
    let hidden = "group g on (r, m) { good if 2, any best if 2, 2 else rest }";
    assert_eq!(codes(&format!("{scores}{hidden}")), [Code::UnreachableRow]);
}

#[test]
fn complaint_17_one_bad_segment_stops_no_other() {
    // What is wrong is told all at once, segment by segment …
    let wrong = "segment a when pionts > 3\nsegment b when points > \"x\"\nsegment c when vip";
    assert_eq!(codes(wrong), [Code::UnknownName, Code::TypeMismatch]);
    // … and what was accepted always answers: a division by zero is only unknown, and only where it stands.
    let rules =
        format!("{WORLD}segment a when points / 0 > 1.0\nsegment b when born is empty or vip\nsegment c when vip");
    assert!(engine(&rules).is_err(), "a date is never empty");
    let rules = format!("{WORLD}segment a when points / 0 > 1.0\nsegment c when vip");
    let engine = engine(&rules).unwrap_or_else(|problems| panic!("{problems}"));
    let given = nobody().with("points", Val::Int(1)).with("vip", Val::Bool(true));
    assert_eq!(truths(&engine, &given.0), ["false Unknown", "true True"]);
}

#[test]
fn complaint_18_the_cost_is_known_before_anyone_asks() {
    let cost = |rules: &str| {
        let text = format!("{WORLD}{rules}");
        let rules = Ruleset::parse(&[("rules.nba", &text)]).expect("rules");
        rules.bind_records().expect("an engine").cost().total
    };
    let (one, five) = ("any(order where category = \"bikes\" within 30 days)", |n: usize| {
        let days: Vec<String> =
            (1..=n).map(|day| format!("any(order where items > {day} within {day} days)")).collect();
        format!("segment a when {}", days.join(" and "))
    });
    // No wall at three events or three aggregates; the price is said, and grows in proportion.
    assert!(cost("segment a when vip") < cost(&format!("segment a when {one}")));
    let (ten, twenty) = (cost(&five(10)), cost(&five(20)));
    assert!(ten * 19 / 10 <= twenty && twenty <= ten * 21 / 10, "{ten}, {twenty}");
}

#[test]
fn complaint_18_what_is_too_dear_is_refused_when_it_is_bound() {
    let text = format!("{WORLD}segment often when count(order where items > 3 within 30 days) >= 2");
    let bind = |limits: Limits| Ruleset::parse_with(&[("rules.nba", &text)], &limits).expect("rules").bind_records();
    let cost = bind(Limits::default()).expect("an engine").cost().total;
    assert!(bind(Limits::default().total_cost(cost).rule_cost(cost)).is_ok());
    for limits in [Limits::default().rule_cost(cost - 1), Limits::default().total_cost(cost - 1)] {
        let found = bind(limits).expect_err("too dear");
        // The rule, its price, the limit, and who may raise it.
        let told = found.to_string();
        for part in ["segment often", &cost.to_string(), &(cost - 1).to_string(), "Limits::"] {
            assert!(told.contains(part), "{told}");
        }
    }
}

#[test]
fn complaint_19_nobody_is_in_a_segment_and_in_its_opposite() {
    let rules = format!(
        "{WORLD}segment a when rating > 3.0\nsegment b when not in segment a\nsegment c when in segment a and in segment b"
    );
    let engine = engine(&rules).unwrap_or_else(|problems| panic!("{problems}"));
    for (given, expected) in [
        (rated(4.0), ["true True", "false False", "false False"]),
        (rated(2.0), ["false False", "true True", "false False"]),
        (nobody(), ["false Unknown", "false Unknown", "false Unknown"]),
    ] {
        assert_eq!(truths(&engine, &given.0), expected);
    }
}
