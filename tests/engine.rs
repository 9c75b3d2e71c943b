//! The engine as hosts use it: names and ids, swapping, needs, costs, redaction.

use std::sync::atomic::{AtomicBool, Ordering};

use nextbest::diagnostic::Code;
use nextbest::time::Period;
use nextbest::{
    Consent, Datum, Engine, EngineError, Event, Events, FoundValue, Function, Instant, Limits, Live, LookBack, Point,
    Profile, Record, Region, RequestError, Reveal, Ruleset, Truth, Type, Value,
};

const RULES: &str = r#"
ruleset people { zone "Europe/Paris"  currency EUR }
profile { person id<int>  email text? pii  age int?  zone zone? }
context { weather enum(sun, rain)? }
event visit { page text }
let recent = count(visit within 7 days)
score activity on recent { 3 if >= 5, 2 if >= 1, else 1 }
group mood on (activity) { keen if 3  calm if 2  else away }
segment mailable "Has an address at home" when email ends with "@home.example"
segment adult when age >= 18
segment grown when not (not in segment adult)
segment wet when context.weather = "rain"
segment half when bucket("salt") < 50%
segment other_half when bucket("salt") >= 50%
segment keen when mood = "keen" and in segment adult
channel web inbound
program p { campaign c for everyone every { message hello { value 1 EUR propensity 10%  eligible when email is known  treat web "x" } } }
"#;

fn engine() -> Engine<Record> {
    bound(RULES)
}

fn bound(text: &str) -> Engine<Record> {
    let rules = Ruleset::parse(&[("people.nba", text)]).unwrap_or_else(|error| panic!("{error}"));
    rules.bind_records().unwrap_or_else(|error| panic!("{error}"))
}

fn person(engine: &Engine<Record>, id: i64) -> Record {
    let shape = engine.rules().shape.clone();
    let mut record = nextbest::RecordSchema::new(shape).record();
    record.set("person", id).unwrap();
    record
}

fn now() -> Instant {
    Instant::parse("2026-03-10T12:00:00Z").unwrap()
}

fn names(engine: &Engine<Record>, customer: &Record) -> Vec<String> {
    let mut evaluator = engine.evaluator();
    let request = engine.request(now()).context("weather", "rain").unwrap();
    let members = evaluator.segments(customer, &request).to_vec();
    members.into_iter().map(|id| engine.segment_name(id).to_owned()).collect()
}

#[test]
fn misspelt_names_are_refused_with_what_was_meant() {
    let engine = engine();
    let error = engine.segment("adlut").unwrap_err();
    assert_eq!(error.to_string(), "there is no segment `adlut`; did you mean `adult`?");
    assert_eq!(engine.value("moods").unwrap_err().to_string(), "there is no value `moods`; did you mean `mood`?");
    let error = engine.request(now()).channel("wep").unwrap_err();
    assert!(matches!(&error, RequestError::UnknownChannel { nearest: Some(near), .. } if near == "web"), "{error}");
    assert!(engine.request(now()).context("wether", "rain").is_err());
    assert!(engine.request(now()).context("weather", "hail").is_err());
    assert!(engine.request(now()).context("weather", 3).is_err());
}

#[test]
fn ids_of_another_revision_are_refused() {
    let (one, other) = (engine(), bound(&RULES.replace("18", "21")));
    let request = other.request(now());
    let id = one.segment("adult").unwrap();
    let customer = person(&other, 1);
    assert_eq!(other.evaluator().is_in(&customer, &request, id), Err(EngineError::ForeignId));
    assert!(other.explain_segment(&customer, &request, id).is_err());
    assert_eq!(one.revision(), engine().revision(), "a revision is what the rules say");
    assert_eq!(one.revision(), bound(&RULES.replace("  ", " ").replace("score", "\n# a note\nscore")).revision());
    assert_ne!(one.revision(), other.revision());
}

#[test]
fn a_request_made_for_another_revision_is_resolved_again() {
    let (one, other) =
        (engine(), bound(&RULES.replace("weather enum(sun, rain)?", "a int?\n weather enum(rain, sun)?")));
    let request = one.request(now()).context("weather", "rain").unwrap();
    let customer = person(&other, 1);
    let wet = other.segment("wet").unwrap();
    assert_eq!(other.evaluator().is_in(&customer, &request, wet), Ok(true));
}

#[test]
fn values_of_lets_scores_and_groups() {
    let engine = engine();
    let mut customer = person(&engine, 1);
    let value = |customer: &Record, name| {
        engine.evaluator().value(customer, &engine.request(now()), engine.value(name).unwrap()).unwrap()
    };
    assert_eq!(value(&customer, "recent"), Some(Value::Int(0)));
    assert_eq!(value(&customer, "mood"), Some(Value::Text("away".into())));
    for hour in 0..5 {
        customer.add_event("visit", now().saturating_sub_millis(hour * 3_600_000), [("page", "home".into())]).unwrap();
    }
    customer.set("age", 30).unwrap();
    assert_eq!(value(&customer, "activity"), Some(Value::Int(3)));
    assert_eq!(value(&customer, "mood"), Some(Value::Text("keen".into())));
    assert!(names(&engine, &customer).contains(&"keen".to_owned()));
}

#[test]
fn each_customer_is_in_one_half() {
    let engine = engine();
    let mut halves = [0; 2];
    for id in 0..2_000 {
        let names = names(&engine, &person(&engine, id));
        let inside = names.contains(&"half".to_owned());
        assert_ne!(inside, names.contains(&"other_half".to_owned()), "{id}");
        halves[usize::from(inside)] += 1;
    }
    assert!((900..1_100).contains(&halves[0]), "{halves:?}");
    let nobody = nextbest::RecordSchema::new(engine.rules().shape.clone()).record();
    assert!(!names(&engine, &nobody).iter().any(|name| name.contains("half")), "without an id: neither");
}

#[test]
fn a_number_as_the_id_is_drawn_like_its_decimal_text() {
    let rules = |id: &str| bound(&format!("profile {{ person {id} }}\nsegment half when bucket(\"x\") < 50%"));
    let (numbers, texts) = (rules("id<int>"), rules("id"));
    let drawn = |engine: &Engine<Record>, id: Value| {
        let mut record = nextbest::RecordSchema::new(engine.rules().shape.clone()).record();
        record.set("person", id).unwrap();
        !engine.evaluator().segments(&record, &engine.request(now())).is_empty()
    };
    for id in (-40..40).chain([i64::MIN, i64::MAX]) {
        assert_eq!(drawn(&numbers, Value::Int(id)), drawn(&texts, Value::Text(id.to_string())), "{id}");
    }
}

#[test]
fn needs_say_how_far_back_every_window_can_reach() {
    let reach = |window: &str| {
        let rules = format!("profile {{ a int?  d date? }}\nevent e {{ f bool }}\nsegment s when any(e {window})");
        bound(&rules).needs().events[0].look_back
    };
    let last = |days| LookBack::Last(Period::of_days(days));
    for (window, days) in [
        ("within 2 days", 2),
        ("within 3 weeks", 21),
        ("from 9 days ago to 2 days ago", 9),
        // Today began less than a day ago, and yesterday less than two.
        ("today", 1),
        ("yesterday", 2),
        ("this week", 7),
        ("last week", 14),
        ("last 3 full weeks", 28),
        ("last 3 full days", 4),
    ] {
        assert_eq!(reach(window), last(days), "{window}");
    }
    for (window, months) in [
        ("within 2 months", 2),
        ("within 2 years", 24),
        ("this month", 1),
        ("last month", 2),
        ("this quarter", 3),
        ("last quarter", 6),
        ("this year", 12),
        ("last year", 24),
        ("last 2 full years", 36),
        ("last 2 full quarters", 9),
    ] {
        assert_eq!(reach(window), LookBack::Last(Period::of_months(months)), "{window}");
    }
    for window in ["", "where f", "since 2026-01-01", "until 2026-01-01", "until 3 days ago", "within 3 days of d"] {
        assert_eq!(reach(window), LookBack::Everything, "{window}");
    }
}

#[test]
fn needs_say_what_to_load() {
    let needs = engine().needs();
    assert_eq!(needs.attributes, ["person", "email", "age", "zone"]);
    assert_eq!(needs.context, ["weather"]);
    assert_eq!(needs.events[0].event, "visit");
    assert_eq!(needs.events[0].look_back, LookBack::Last(Period::of_days(7)));
    assert_eq!(needs.contacts, None);
    let all = bound("profile { a int? }\nevent e {}\nsegment s when any(e within 2 days) and count(e) > 3").needs();
    assert_eq!(all.events[0].look_back, LookBack::Everything);
    assert!(all.attributes.is_empty());
    // Of a sequence every step, of a group every kind; what nobody asks about is not loaded.
    let events = |condition: &str| {
        let rules = format!(
            "profile {{ person id }}\nevent a {{}}\nevent b {{}}\nevent c {{}}\nevent d {{}}\nevent ab = a | b\nsegment s when {condition}"
        );
        let events = bound(&rules).needs().events;
        events.into_iter().map(|need| (need.event, need.look_back)).collect::<Vec<_>>()
    };
    let last = |event: &str, days| (event.to_owned(), LookBack::Last(Period::of_days(days)));
    assert_eq!(
        events("(a within 9 days) then (c within 3 days) without (b within 5 days)"),
        [last("a", 9), last("b", 5), last("c", 3)]
    );
    assert_eq!(events("any(ab within 3 days)"), [last("a", 3), last("b", 3)]);
    assert_eq!(events("(ab within 3 days) then (d within 2 days)"), [last("a", 3), last("b", 3), last("d", 2)]);
}

#[test]
fn records_of_checked_rules_are_the_records_that_they_read() {
    let text = "profile { person id  at_home point?  plan text? from third_party fresh 7 days }\nevent view { sku text }\n\
                event click { sku text }\nevent engaged = view | click\nlist newsletter\nregion stores\n\
                segment keen when count(engaged where sku = \"a\") = 2 and at_home is inside \"stores\" and one() = 1";
    let rules = Ruleset::parse(&[("people.nba", text)]).unwrap();
    let schema = rules.record_schema().unwrap();
    let corners = [(0.0, 0.0), (0.0, 9.0), (9.0, 0.0)].map(|(lat, lon)| Point::new(lat, lon).unwrap());
    let with = schema.schema().region("stores", Region::new(corners).unwrap());
    let engine = rules.bind_with(with.function(Function::new("one", [], Type::Int, |_| Some(Datum::Int(1))))).unwrap();
    let again = nextbest::RecordSchema::new(engine.rules().shape.clone());
    assert_eq!(again, schema);
    let mut record = again.record();
    record.set("at_home", Point::new(1.0, 1.0).unwrap()).unwrap();
    for kind in ["view", "click"] {
        record.add_event(kind, Instant::from_millis(0), [("sku", "a".into())]).unwrap();
    }
    // Nobody holds a group.
    assert!(record.add_event("engaged", Instant::from_millis(0), []).is_err());
    let request = engine.request(Instant::from_millis(1));
    assert_eq!(engine.evaluator().is_in(&record, &request, engine.segment("keen").unwrap()), Ok(true));
}

#[test]
fn costs_are_known_before_anything_runs() {
    let cheap = bound("profile { a int? }\nsegment s when a > 3");
    let dear = bound("profile { a int?  t text? }\nsegment s when a > 3 and t matches \"x+y\" and t contains \"z\"");
    assert_eq!(cheap.cost().total, 1);
    assert!(dear.cost().total > 50, "{:?}", dear.cost());
}

#[test]
fn explanations_redact_personal_data_unless_revealed() {
    const CANARY: &str = "canary@home.example";
    let engine = engine();
    let mut customer = person(&engine, 1);
    customer.set("email", CANARY).unwrap();
    let request = engine.request(now()).channel("web").unwrap();
    let id = engine.segment("mailable").unwrap();
    let hidden = engine.explain_segment(&customer, &request, id).unwrap();
    assert_eq!(hidden.truth, Truth::True);
    assert_eq!(hidden.condition.values[0].found, FoundValue::Redacted);
    assert!(!format!("{hidden} {hidden:?} {}", serde_json::to_string(&hidden).unwrap()).contains(CANARY));
    let shown = engine.explain_segment_revealing(&customer, &request, id, Reveal).unwrap();
    assert!(shown.to_string().contains(CANARY));
    let explanation = engine.explain(&customer, &request);
    assert!(!format!("{explanation} {explanation:?}").contains(CANARY));
}

#[test]
fn explanations_show_truth_values_windows_and_zone() {
    let engine = bound(
        "ruleset r { zone \"Europe/Paris\" }\nprofile { age int? }\nevent visit { page text? }\n\
         segment s \"Some\" when age >= 18 and any(visit where page = \"home\" within 1 day) and not (age = 30)",
    );
    let mut customer = nextbest::RecordSchema::new(engine.rules().shape.clone()).record();
    let trace = |customer: &Record| {
        engine.explain_segment(customer, &engine.request(now()), engine.segment("s").unwrap()).unwrap()
    };
    assert_eq!(trace(&customer).truth, Truth::False, "no visit settles it");
    customer.add_event("visit", now(), [("page", "home".into())]).unwrap();
    assert_eq!(trace(&customer).truth, Truth::Unknown);
    customer.set("age", 31).unwrap();
    assert_eq!(
        trace(&customer).to_string(),
        "in segment s: Some\n\
         at 2026-03-10T12:00:00Z in Europe/Paris\n  \
         yes     age >= 18 and any(visit where page = \"home\" within 1 day) and not (age = 30)\n    \
         yes     age >= 18; age is 31\n    \
         yes     any(visit where page = \"home\" within 1 day); number of such events is 1; \
         within 1 day: after 2026-03-09T12:00:00Z, up to 2026-03-10T12:00:00Z\n    \
         yes     not (age = 30)\n      \
         no      (age = 30); age is 31\n"
    );
}

#[test]
fn readers_see_one_revision_or_the_other_while_a_writer_swaps() {
    let engines =
        [bound("profile { n int? }\nsegment s when n >= 1"), bound("profile { n int? }\nsegment s when n < 1")];
    let live = Live::new(engines[0].clone());
    let (stop, mut customer) =
        (AtomicBool::new(false), nextbest::RecordSchema::new(engines[0].rules().shape.clone()).record());
    customer.set("n", 1).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let engine = live.engine();
                    let member = !engine.evaluator().segments(&customer, &engine.request(now())).is_empty();
                    assert_eq!(member, engine.revision() == engines[0].revision());
                }
            });
        }
        for turn in 0..2_000 {
            live.swap(engines[turn % 2].clone());
        }
        stop.store(true, Ordering::Relaxed);
    });
}

#[derive(Event)]
struct Order {
    at: Instant,
    amount: i64,
}

#[derive(Profile)]
struct Buyer {
    #[profile(id)]
    id: u32,
    age: Option<i64>,
    #[profile(events, rename = "order")]
    orders: Events<Order>,
    #[profile(consents)]
    consents: Vec<Consent>,
}

#[test]
fn a_derived_type_is_read_in_place() {
    let rules = Ruleset::parse(&[
        ("a.nba", "segment big when max(order.amount) >= 100 or in segment allowed"),
        ("b.nba", "segment allowed when consent.email.marketing is granted and age between 20 and 30"),
    ]);
    let engine = rules.unwrap().bind::<Buyer>().unwrap();
    let mut buyer = Buyer { id: 7, age: Some(20), orders: Events::default(), consents: Vec::new() };
    assert_eq!(buyer.id, 7);
    let mut evaluator = engine.evaluator();
    let request = engine.request(now());
    assert!(evaluator.segments(&buyer, &request).is_empty());
    buyer.consents.push(Consent::granted("email", "marketing", now()));
    assert_eq!(evaluator.segments(&buyer, &request).len(), 2);
    buyer.consents.push(Consent::denied("email", "marketing", now()));
    assert!(evaluator.segments(&buyer, &request).is_empty(), "of two at once the refusal holds");
    buyer.orders.push(Order { at: now(), amount: 100 });
    assert_eq!(evaluator.segments(&buyer, &request).len(), 1);
    assert_eq!(evaluator.segments(&buyer, &request.clone().at(now().saturating_sub_millis(1))).len(), 0, "not yet");
}

#[test]
fn what_the_file_declares_and_the_type_lacks_is_told_at_once() {
    let text =
        "profile { id id<int>  age text?  name text? }\nevent order { amount money EUR  at2 instant }\nevent gift {}";
    let error = Ruleset::parse(&[("a.nba", text)]).unwrap().bind::<Buyer>().unwrap_err();
    let told = error.to_string();
    assert_eq!(error.len(), 5, "{told}");
    for part in ["`age` is `int` in the program", "no `name`", "`amount` is `int`", "no `at2`", "no event `gift`"] {
        assert!(told.contains(part), "{part}\n{told}");
    }
}

#[test]
fn of_a_record_of_another_schema_nothing_is_known() {
    let engine = bound("profile { n int? }\nevent e {}\nsegment some when any(e)\nsegment none_ when none(e)");
    let foreign = person(&self::engine(), 1);
    let request = engine.request(now());
    assert!(engine.evaluator().segments(&foreign, &request).is_empty());
    let trace = engine.explain_segment(&foreign, &request, engine.segment("none_").unwrap()).unwrap();
    assert_eq!(trace.truth, Truth::Unknown);
}

/// Every band of three over a few whole numbers: one is refused exactly if no number reaches it.
#[test]
fn a_band_is_refused_if_no_value_reaches_it() {
    type Holds = fn(i64, i64) -> bool;
    let ops: [(&str, Holds); 6] = [
        ("=", |x, limit| x == limit),
        ("!=", |x, limit| x != limit),
        ("<", |x, limit| x < limit),
        ("<=", |x, limit| x <= limit),
        (">", |x, limit| x > limit),
        (">=", |x, limit| x >= limit),
    ];
    let bands: Vec<(&str, Holds, i64)> =
        ops.iter().flat_map(|&(op, holds)| [2, 3].map(|limit| (op, holds, limit))).collect();
    let all = || (0..12usize.pow(3)).map(|n| [n / 144, n / 12 % 12, n % 12].map(|place| bands[place]));
    let score = |(number, bands): (usize, [(&str, Holds, i64); 3])| {
        let bands = bands.map(|(op, _, limit)| format!("1 if {op} {limit}")).join("\n");
        format!("score s{number} on points {{\n{bands}\nelse 0 }}\n")
    };
    let scores: String = all().enumerate().map(score).collect();
    let text = format!("profile {{ person id  points int? }}\n{scores}");
    let all_of_them = Limits::default().diagnostics(usize::MAX);
    let told = Ruleset::parse_with(&[("bands.nba", text)], &all_of_them).unwrap().bind_records().unwrap_err();
    let unreachable = told.iter().filter(|diagnostic| diagnostic.code == Code::UnreachableRow);
    let refused: Vec<usize> = unreachable.map(|d| told.sources().position(d.span).unwrap().line as usize).collect();
    let dead = all().enumerate().flat_map(|(number, bands)| {
        let first = |x: i64| bands.iter().position(|&(_, holds, limit)| holds(x, limit));
        let reached: Vec<usize> = (0..6).filter_map(first).collect();
        let dead = (0..3).filter(move |place| !reached.contains(place));
        // Five lines for each score before, and two of headings.
        dead.map(move |place| number * 5 + place + 3)
    });
    assert_eq!(refused, dead.collect::<Vec<_>>());
}

#[test]
fn many_customers_at_once_are_in_the_segments_that_they_are_in_one_by_one() {
    let engine = engine();
    // More than are put together at once, in parts that do not end where that does.
    let customers: Vec<Record> = (0..20_000)
        .map(|number| {
            let mut customer = person(&engine, number);
            if number % 3 > 0 {
                customer.set("age", Value::Int(number % 50)).unwrap();
            }
            if number % 7 == 0 {
                customer.add_event("visit", now(), [("page", "/".into())]).unwrap();
            }
            customer
        })
        .collect();
    let request = engine.request(now()).context("weather", "rain").unwrap();
    let found = engine.segments_all(&customers, &request);
    for threads in [1, 2, 7] {
        let threads = std::num::NonZeroUsize::new(threads).unwrap();
        assert_eq!(engine.segments_all_on(threads, &customers, &request), found, "{threads} threads");
    }
    assert_eq!((found.customers(), found.iter().count()), (20_000, engine.segments().count()));
    let mut evaluator = engine.evaluator();
    for (place, customer) in customers.iter().enumerate() {
        let members = evaluator.segments(customer, &request);
        for (segment, all) in found.iter() {
            assert_eq!(all.contains(place), members.contains(&segment), "{} of {place}", engine.segment_name(segment));
        }
    }
    let of = |name| found.of(engine.segment(name).unwrap()).unwrap();
    let (half, other, adult) = (of("half"), of("other_half"), of("adult"));
    assert_eq!((half.overlap(other), (half | other).len()), (0, 20_000));
    assert_eq!(((adult & half).len(), (adult - half).len()), (adult.overlap(half), adult.overlap(other)));
    assert!((adult & half).iter().all(|place| adult.contains(place) && half.contains(place)) && !adult.is_empty());
    let foreign = bound("profile { person id }\nsegment all_of_them when person is known");
    assert_eq!(found.of(foreign.segment("all_of_them").unwrap()), Err(EngineError::ForeignId));
    assert!(!of("wet").contains(20_000) && engine.segments_all([], &request).iter().all(|(_, none)| none.is_empty()));
}

#[test]
fn what_one_segment_asks_about_is_not_looked_up_for_everybody() {
    let segments: String =
        (0..400).map(|n| format!("segment s{n} when prefs[\"k{n}\"] = {} and age > 3\n", n % 5)).collect();
    let engine = bound(&format!("profile {{ person id  age int?  prefs map<int>? }}\n{segments}"));
    let plan = engine.plan();
    assert_eq!(plan.attributes.iter().map(|looked| &*looked.attribute).collect::<Vec<_>>(), ["age"]);
    assert!(plan.bytes < 10_000 && plan.tests == 400 && plan.linear.is_empty(), "{plan}");
    let mut customer = nextbest::RecordSchema::new(engine.rules().shape.clone()).record();
    let prefs = (0..400).map(|n| (format!("k{n}"), Value::Int(n % 7))).collect();
    customer.set("age", Value::Int(30)).unwrap().set("prefs", Value::Map(prefs)).unwrap();
    let request = engine.request(now());
    let (mut indexed, mut linear) = (engine.evaluator().indexed(true), engine.evaluator().indexed(false));
    assert_eq!(indexed.segments(&customer, &request), linear.segments(&customer, &request));
    assert_eq!(linear.segments(&customer, &request).len(), (0..400).filter(|n| n % 7 == n % 5).count());
}
