//! Times of day, versions, places and `like`: the edges, each small enough to check by hand.

use nextbest::{Instant, Point, Record, Region, Request, Ruleset, TimeOfDay, Truth, Value};

const WORLD: &str = r#"
ruleset acme { zone "Europe/Paris" }
profile {
  person  id
  zone    zone?
  opens   time?
  closes  time?
  sku     text?
  app     version?
  said    text?
  home    point?
  work    point?
  lat     number?
  radius  distance?
}
region marais {
  point(48.8650, 2.3500)
  point(48.8650, 2.3700)
  point(48.8520, 2.3700)
  point(48.8520, 2.3500)
  hole { point(48.8600, 2.3550) point(48.8600, 2.3600) point(48.8550, 2.3600) point(48.8550, 2.3550) }
}
region west { point(-20.0, 177.0) point(-16.0, 177.0) point(-16.0, 180.0) point(-20.0, 180.0) }
region east { point(-20.0, -180.0) point(-16.0, -180.0) point(-16.0, -178.0) point(-20.0, -178.0) }
context { clock time?  place point?  client version? }
event visit { at_time time?  app version?  place point? }
"#;

const NOON: &str = "2026-07-01T12:00:00+02:00";

/// What the engine says of a condition, in both of its ways.
fn truth(condition: &str, given: &[(&str, Value)], context: &[(&str, Value)]) -> Truth {
    let rules = Ruleset::parse(&[("scalars.nba", format!("{WORLD}\nsegment asked when {condition}\n"))]);
    let engine = rules.expect(condition).bind_records().expect(condition);
    let mut record: Record = engine_record(condition);
    for (name, value) in given {
        record.set(name, value.clone()).expect("a value of the attribute's type");
    }
    let mut request: Request = engine.request(Instant::parse(NOON).expect("noon"));
    for (name, value) in context {
        request = request.context(name, value.clone()).expect("a declared value");
    }
    let segment = engine.segment("asked").expect("it is there");
    let truth = engine.explain_segment(&record, &request, segment).expect("of this engine").truth;
    let is_in = engine.evaluator().is_in(&record, &request, segment).expect("of this engine");
    assert_eq!(is_in, truth == Truth::True, "{condition}");
    truth
}

fn engine_record(condition: &str) -> Record {
    let rules = Ruleset::parse(&[("scalars.nba", WORLD)]).expect(condition);
    let mut record = rules.record_schema().expect(condition).record();
    record.set("person", "one").expect("an id");
    record
}

fn time(text: &str) -> Value {
    TimeOfDay::parse(text).expect("a time of day").into()
}

fn point(lat: f64, lon: f64) -> Value {
    Point::new(lat, lon).expect("a point").into()
}

/// Each condition with its truth, for one customer.
fn all(given: &[(&str, Value)], context: &[(&str, Value)], cases: &[(&str, Truth)]) {
    for (condition, expected) in cases {
        assert_eq!(truth(condition, given, context), *expected, "{condition}");
        let opposite = match expected {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        };
        assert_eq!(truth(&format!("not ({condition})"), given, context), opposite, "not ({condition})");
    }
}

use Truth::{False, True, Unknown};

#[test]
fn between_goes_past_midnight_for_times_of_day_only() {
    let night = "context.clock between 22:00 and 06:00";
    for (clock, expected) in [
        ("21:59:59.999", False),
        ("22:00", True),
        ("23:59", True),
        ("00:00", True),
        ("06:00", True),
        ("06:00:00.001", False),
    ] {
        all(&[], &[("clock", time(clock))], &[(night, expected)]);
    }
    all(&[], &[], &[(night, Unknown)]);
    let day = [("opens", time("09:00")), ("closes", time("17:00"))];
    all(
        &day,
        &[("clock", time("12:00"))],
        &[
            ("context.clock between opens and closes", True),
            ("context.clock between closes and opens", False),
            ("09:00 between closes and opens", True),
            ("time(now) = 12:00", True),
            ("opens in [08:00, 09:00]", True),
            ("opens < closes", True),
        ],
    );
    // With one bound missing the other one settles nothing: it may lie on either side of midnight.
    all(&day[..1], &[("clock", time("08:00"))], &[("context.clock between opens and closes", Unknown)]);
}

#[test]
fn a_clock_shows_the_time_of_the_zone() {
    let tokyo = nextbest::Zone::named("Asia/Tokyo").expect("a zone");
    all(&[("zone", tokyo.into())], &[], &[("time(now) = 19:00", True), ("time(2026-01-01T00:00:00Z) = 09:00", True)]);
    all(&[], &[], &[("time(2026-01-01T00:00:00Z) = 01:00", True), ("time(2026-07-01T00:00:00Z) = 02:00", True)]);
}

#[test]
fn versions_are_ordered_by_number_and_releases_come_last() {
    all(
        &[("app", "3.10.0-rc.2".into()), ("said", "v3.9".into())],
        &[("client", "3.10.0+build".into())],
        &[
            ("app > \"3.9.9\"", True),
            ("app < version(\"3.10.0\")", True),
            ("app > \"3.10.0-rc.1\"", True),
            ("app between \"3.10.0-rc.2\" and \"3.10.0\"", True),
            ("app in [\"3.9.0\", \"3.10.0-rc.2\"]", True),
            ("app != \"3.10.0\"", True),
            ("app != \"3.10.0-rc.2+build\"", False),
            ("context.client != app", True),
            ("context.client != \"3.10.0\"", False),
            ("context.client = \"3.10.0\"", True),
            ("context.client > app", True),
            ("version(said) = \"3.9.0\"", Unknown),
            ("version(said) is missing", True),
            ("lenient_version(said) = \"3.9.0\"", True),
            ("lenient_version(said) < app", True),
        ],
    );
    // What is no version is missing, not an error.
    all(&[("app", "latest".into())], &[], &[("app is missing", True), ("app != \"1.0.0\"", Unknown)]);
}

/// What follows `+` says how it was built, not which version it is.
#[test]
fn a_version_is_one_value_however_it_was_built() {
    let rules = "
        profile { person id }
        event open { app version }
        event crash { app version }
        segment current when most_frequent(open.app) = \"3.10.0\"
        segment two     when count(distinct open.app) = 2
        segment crashed when any(crash as c where any(open where app = c.app))
    ";
    let rules = Ruleset::parse(&[("versions.nba", rules)]).expect("well-formed");
    let engine = rules.bind_records().expect("well-typed");
    let at = |hour: i64| Instant::from_millis(hour * 3_600_000);
    let mut customer = rules.record_schema().expect("declared").record();
    customer.set("person", "one").expect("an id");
    for (hour, app) in [(1, "3.10.0"), (2, "3.9.0"), (3, "3.9.0"), (4, "3.10.0+7"), (5, "3.10.0+8")] {
        customer.add_event("open", at(hour), [("app", app.into())]).expect("declared");
    }
    customer.add_event("crash", at(6), [("app", "3.9.0+1".into())]).expect("declared");
    let request = engine.request(at(7));
    let mut evaluator = engine.evaluator();
    for name in ["current", "two", "crashed"] {
        let segment = engine.segment(name).expect("it is there");
        assert!(evaluator.is_in(&customer, &request, segment).expect("of this engine"), "{name}");
    }
}

#[test]
fn places_are_near_up_to_and_including_the_limit() {
    let paris = point(48.8566, 2.3522);
    let given = [("home", paris.clone()), ("work", point(48.8566, 2.3522)), ("lat", Value::Number(91.0))];
    all(
        &given,
        &[("place", point(51.5074, -0.1278))],
        &[
            ("home is within 0 m of work", True),
            ("home is within 343 km of context.place", False),
            ("home is within 344 km of context.place", True),
            ("home is within 214 mi of context.place", True),
            ("distance(home, context.place) between 343 km and 344 km", True),
            ("home is within 1 km of point(lat, 2.0)", Unknown),
            ("point(lat, 2.0) is missing", True),
            ("distance(home, work) < radius", Unknown),
        ],
    );
    all(&given[..1], &[], &[("home is within 10 km of work", Unknown), ("home is not within 10 km of work", Unknown)]);
    // The date line is no border.
    all(&[("home", point(-17.0, 179.99))], &[], &[("home is within 3 km of point(-17.0, -179.99)", True)]);
}

#[test]
fn regions_hold_what_is_inside_or_on_a_side() {
    let inside = "home is inside \"marais\"";
    for (lat, lon, expected) in [
        (48.8530, 2.3510, True),
        (48.8650, 2.3600, True),
        (48.865_000_1, 2.3600, False),
        (48.8520, 2.3500, True),
        (48.8580, 2.3580, False),
        // The side of the hole, and its corner.
        (48.8600, 2.3580, True),
        (48.8600, 2.3600, True),
        (-48.8530, 2.3510, False),
    ] {
        all(&[("home", point(lat, lon))], &[], &[(inside, expected)]);
    }
    all(
        &[],
        &[],
        &[
            (inside, Unknown),
            ("home is not inside \"marais\"", Unknown),
            ("home is inside \"marais\" or missing", True),
        ],
    );
    let fiji = "home is inside \"west\" or home is inside \"east\"";
    for (lon, expected) in [(179.99, True), (180.0, True), (-180.0, True), (-178.5, True), (-177.9, False)] {
        all(&[("home", point(-17.0, lon))], &[], &[(fiji, expected)]);
    }
    // What is computed, what the context holds, and what is fixed.
    all(
        &[("lat", Value::Number(48.8530))],
        &[("place", point(48.8530, 2.3510))],
        &[
            ("point(lat, 2.3510) is inside \"marais\"", True),
            ("point(lat, lat) is inside \"marais\"", False),
            ("context.place is inside \"marais\"", True),
            ("point(48.8530, 2.3510) is inside \"marais\"", True),
        ],
    );
}

#[test]
fn a_program_brings_regions_of_its_own() {
    let corner = |lat, lon| Point::new(lat, lon).expect("a point");
    let stores = Region::new([corner(0.0, 0.0), corner(0.0, 1.0), corner(1.0, 0.0)]).expect("a region");
    let bound = |text: &str| {
        let rules = Ruleset::parse(&[("stores.nba", text)]).expect("rules");
        rules.bind_with(rules.record_schema().expect("a schema").schema().region("stores", stores.clone()))
    };
    // Declared or not.
    for text in [
        "profile { person id  home point? }\nregion stores\nsegment near when home is inside \"stores\"\n",
        "profile { person id  home point? }\nsegment near when home is inside \"stores\"\n",
    ] {
        let engine = bound(text).expect("bound");
        assert!(engine.warnings().is_empty(), "{}", engine.warnings());
        let near = engine.segment("near").expect("it is there");
        let request = engine.request(Instant::parse(NOON).expect("noon"));
        let rules = Ruleset::parse(&[("stores.nba", text)]).expect("rules");
        for (lat, inside) in [(0.25, true), (0.75, false)] {
            let mut record = rules.record_schema().expect("a schema").record();
            record.set("home", point(lat, 0.5)).expect("a point");
            assert_eq!(engine.evaluator().is_in(&record, &request, near), Ok(inside), "{lat}");
        }
    }
    let refused = |text: &str| bound(text).expect_err("refused").to_string();
    let other = "profile { person id  home point? }\nregion store\nsegment near when home is inside \"store\"\n";
    assert!(refused(other).contains("did you mean `stores`?"), "{}", refused(other));
    let own = "profile { person id  home point? }\nregion stores { point(0.0, 0.0) point(0.0, 1.0) point(1.0, 0.0) }\n\
               segment near when home is inside \"stores\"\n";
    assert!(refused(own).contains("the program brings a region `stores` itself"), "{}", refused(own));
}

#[test]
fn like_holds_the_whole_text_against_the_pattern() {
    all(
        &[("sku", "BK-12é".into())],
        &[],
        &[
            ("sku like \"BK-%\"", True),
            ("sku like \"BK-__\"", False),
            ("sku like \"BK-___\"", True),
            ("sku like \"%12_\"", True),
            ("sku like \"12\"", False),
            ("sku like \"bk-%É\" ignoring case", True),
            ("sku like \"bk-_2%\"", False),
            ("sku not like \"%\\\\%%\"", True),
        ],
    );
    all(&[], &[], &[("sku like \"%\"", Unknown), ("sku not like \"BK-%\"", Unknown)]);
}

#[test]
fn properties_of_events_have_the_same_types() {
    let rules = format!(
        "{WORLD}\nsegment asked when any(visit where at_time between 22:00 and 02:00 and app >= \"2.0.0\" and place is \
         within 1 km of customer.home) and last(visit).app < \"3.0.0\" and max(visit.at_time) = 23:30\n"
    );
    let engine = Ruleset::parse(&[("scalars.nba", rules)]).expect("rules").bind_records().expect("bound");
    let mut record = engine_record("a record");
    let now = Instant::parse(NOON).expect("noon");
    record.set("home", point(48.8566, 2.3522)).expect("a point");
    let visit = [("at_time", time("23:30")), ("app", "2.1.0".into()), ("place", point(48.8600, 2.3522))];
    record.add_event("visit", now, visit).expect("an event");
    let segment = engine.segment("asked").expect("it is there");
    let is_in = engine.evaluator().is_in(&record, &engine.request(now), segment);
    assert!(is_in.expect("of this engine"));
}
