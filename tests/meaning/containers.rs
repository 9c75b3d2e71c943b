//! What rules mean of texts whose case never matters, and of values that hold others: lists, maps, rows.

use crate::oracle::given::{Given, instant, nobody, text, texts};
use crate::oracle::value::Truth::{self, False, True, Unknown};
use crate::oracle::value::Val;
use nextbest::{Consent, Instant};

/// Conditions in a world have these truths, by the engine and by the oracle.
#[track_caller]
fn hold(world: &str, given: &Given, cases: &[(&str, Truth)]) {
    given.hold(world, cases);
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
    let alike = nobody().with("city", text("Rome")).with("other", text("ROME"));
    hold(NOCASE, &alike, &[("city = other", False), ("city != other", True), ("city = other ignoring case", True)]);
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

const COLLECTIONS: &str = r#"
profile {
  person id  sizes list<int>?  lived_in list<enum(FR, DE, GB)>?  trips list<date>?
  settings map<bool>?  visits map<int>?  spent map<money EUR>?  notes map<text>? nocase  begun map<date>?  share map<percent>?  rates map<number>?
}
event order { codes list<int>?  extra map<text>? }
"#;

#[test]
fn lists_of_numbers_choices_and_days() {
    let given = nobody()
        .with("sizes", Val::List([46, 47, 46].map(Val::Int).into()))
        .with("lived_in", Val::List(vec![Val::Category(0), Val::Category(2)]))
        .with("trips", Val::List(vec![]))
        .event("order", "2026-05-13T12:00:00Z", &[("codes", Val::List(vec![Val::Int(7)]))]);
    hold(
        COLLECTIONS,
        &given,
        &[
            ("sizes contains 46", True),
            ("sizes contains -46", False),
            ("sizes does not contain 48", True),
            ("sizes contains any of [1, 47]", True),
            ("sizes contains all of [46, 47]", True),
            ("sizes contains all of [46, 48]", False),
            ("sizes contains none of [1, 2]", True),
            // Repetitions count.
            ("length(sizes) = 3", True),
            ("lived_in contains \"GB\"", True),
            ("lived_in contains all of [\"FR\", \"DE\"]", False),
            ("trips contains 2026-05-01", False),
            ("trips contains none of [2026-05-01]", True),
            ("trips contains all of [2026-05-01]", False),
            ("trips is empty", True),
            ("sizes is empty", False),
            ("any(order where codes contains 7)", True),
            ("any(order where codes contains 7 and length(codes) = 1 and length(customer.sizes) = 3)", True),
        ],
    );
    hold(
        COLLECTIONS,
        &nobody(),
        &[
            ("sizes contains 46", Unknown),
            ("sizes contains none of [46]", Unknown),
            ("sizes is empty", Unknown),
            ("sizes is missing", True),
            ("length(sizes) >= 0", Unknown),
            ("sizes does not contain 46 or missing", True),
        ],
    );
}

#[test]
fn a_map_is_asked_by_key_and_an_absent_key_is_missing() {
    let map = |entries: &[(&str, Val)]| Val::Map(entries.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect());
    let given = nobody()
        .with("settings", map(&[("newsletter", Val::Bool(true)), ("calls", Val::Bool(false))]))
        .with("visits", map(&[("shop", Val::Int(3)), ("two words", Val::Int(4))]))
        .with("spent", map(&[("shop", Val::Money(1250))]))
        .with("notes", map(&[("colour", text("Red"))]))
        .with("share", map(&[]))
        .with("rates", map(&[("usd", Val::Number(1.25))]))
        .event("order", "2026-05-13T12:00:00Z", &[("extra", map(&[("gift", text("yes"))]))]);
    hold(
        COLLECTIONS,
        &given,
        &[
            ("settings[\"newsletter\"] = true", True),
            ("settings[\"newsletter\"]", True),
            ("settings[\"calls\"]", False),
            ("not settings[\"calls\"]", True),
            ("settings[\"post\"]", Unknown),
            ("settings[\"post\"] = false", Unknown),
            ("settings[\"post\"] is missing", True),
            ("settings[\"calls\"] is known", True),
            ("settings[\"post\"] = true or missing", True),
            ("customer.visits[\"shop\"] + visits[\"two words\"] = 7", True),
            ("visits[\"shop\"] between 3 and 5 and visits[\"shop\"] in [3, 9]", True),
            ("visits[\"Shop\"] is missing", True),
            ("spent[\"shop\"] >= 12.50 EUR", True),
            ("rates[\"usd\"] * 2.0 = 2.5", True),
            ("rates[\"gbp\"] * 2.0 > 0.0", Unknown),
            ("notes[\"colour\"] = \"RED\"", True),
            ("notes[\"colour\"] starts with \"r\"", True),
            ("length(notes[\"colour\"]) = 3", True),
            ("begun[\"order\"] is older than 3 days", Unknown),
            ("share[\"shop\"] > 20%", Unknown),
            ("share is empty", True),
            ("settings is empty", False),
            ("length(settings) = 2", True),
            ("begun is empty", Unknown),
            ("begun is missing", True),
            ("any(order where extra[\"gift\"] = \"yes\" and customer.settings[\"newsletter\"])", True),
            ("any(order where extra[\"box\"] = \"yes\")", False),
        ],
    );
}

const SOURCED: &str = r#"
ruleset r { zone "Europe/Paris" }
profile {
  person   id
  zone     zone?
  intent   percent? from third_party "DMP" for marketing fresh 7 days
  job      text from first_party fresh 1 month
  likes    list<text> from second_party fresh 1 day
  sizes    list<int> from second_party fresh 1 day
  flags    map<bool> from third_party "DMP" fresh 36 hours
  age      int? from third_party "DMP"
}
let loan = intent
score warmth on intent { 2 if >= 60%, else 1 }
"#;

fn sourced(as_of: &str) -> Given {
    ["intent", "job", "likes", "sizes", "flags"]
        .iter()
        .fold(
            nobody()
                .with("intent", Val::Number(0.7))
                .with("job", text("cook"))
                .with("likes", texts(&["tea"]))
                .with("sizes", Val::List(vec![Val::Int(4)]))
                .with("flags", Val::Map([("a".to_owned(), Val::Bool(true))].into()))
                .with("age", Val::Int(40)),
            |given, name| given.dated(name, as_of),
        )
        .consent(Consent::granted("sms", "marketing", instant("2026-05-01T00:00:00Z")))
}

#[test]
fn what_a_value_is_for_needs_a_consent_on_some_channel() {
    let given = || sourced("2026-05-14T08:00:00Z");
    let refused = |channel| given().consent(Consent::denied(channel, "marketing", instant("2026-05-02T00:00:00Z")));
    let expired = {
        let mut given = given();
        given.0.customer.consents[0].expires = Some(instant("2026-05-14T10:00:00Z"));
        given
    };
    let other = {
        let mut given = given();
        given.0.customer.consents[0].purpose = "service".into();
        given
    };
    for (given, permitted) in
        [(given(), true), (refused("email"), true), (refused("sms"), false), (expired, false), (other, false)]
    {
        let known = if permitted { True } else { Unknown };
        hold(
            SOURCED,
            &given,
            &[("intent >= 60%", known), ("intent is missing", (!permitted).into()), ("job = \"cook\"", True)],
        );
    }
}

#[test]
fn what_is_fresh_is_there_in_every_form() {
    hold(
        SOURCED,
        &sourced("2026-05-14T08:00:00Z"),
        &[
            ("intent >= 60%", True),
            ("intent is missing", False),
            ("loan = 70%", True),
            ("warmth = 2", True),
            ("job = \"cook\" and job is known", True),
            ("likes contains \"tea\"", True),
            ("length(likes) = 1", True),
            ("likes is empty", False),
            ("likes is known", True),
            ("sizes contains 4", True),
            ("sizes is empty", False),
            ("sizes is known", True),
            ("length(sizes) = 1", True),
            ("flags is empty", False),
            ("flags[\"a\"]", True),
            ("flags is known", True),
            ("length(flags) = 1", True),
        ],
    );
}

#[test]
fn what_is_not_fresh_is_missing_in_every_form() {
    // Too long ago, in the future, and nobody knows when.
    let undated = {
        let mut given = sourced("2026-05-14T08:00:00Z");
        given.0.customer.as_of.clear();
        given
    };
    for given in [sourced("2026-01-01T00:00:00Z"), sourced("2026-05-14T10:00:00.001Z"), undated] {
        hold(
            SOURCED,
            &given,
            &[
                ("intent >= 60%", Unknown),
                ("intent < 60%", Unknown),
                ("intent is missing", True),
                ("intent is known", False),
                ("intent < 60% or missing", True),
                ("loan = 70%", Unknown),
                ("warmth = 1", True),
                ("job = \"cook\"", Unknown),
                ("job is missing", True),
                ("job is empty", Unknown),
                ("likes contains \"tea\"", Unknown),
                ("length(likes) = 1", Unknown),
                ("likes is missing", True),
                ("sizes contains 4", Unknown),
                ("sizes is empty", Unknown),
                ("length(sizes) = 1", Unknown),
                ("flags[\"a\"]", Unknown),
                ("flags is missing", True),
                ("length(flags) = 1", Unknown),
                ("flags[\"a\"] is missing", True),
                // Without `fresh` its provenance changes nothing.
                ("age = 40", True),
            ],
        );
    }
}

#[test]
fn freshness_ends_as_windows_begin_and_is_counted_in_the_customers_zone() {
    let fresh = |as_of: &str, truth| hold(SOURCED, &sourced(as_of), &[("intent is known", truth)]);
    fresh("2026-05-07T12:00:00.001+02:00", True);
    fresh("2026-05-07T12:00:00+02:00", False);
    fresh("2026-05-14T12:00:00+02:00", True);
    // A day over the change of clocks is 23 hours in Paris, 24 in UTC, whatever zone a rule counts its days in.
    let world = format!("{SOURCED}\nsegment utc in zone \"UTC\" when likes is known");
    let spring = |as_of: &str| {
        let mut given = sourced(as_of);
        given.0.now = instant("2026-03-29T12:00:00+02:00");
        given
    };
    hold(&world, &spring("2026-03-28T12:00:00+01:00"), &[("likes is known", False), ("in segment utc", False)]);
    let in_utc = spring("2026-03-28T12:00:00+01:00").with("zone", text("UTC"));
    hold(&world, &in_utc, &[("likes is known", True), ("in segment utc", True)]);
}

#[test]
fn explanations_show_what_a_list_holds_while_it_is_fresh() {
    let rules = format!("{SOURCED}\nsegment a when sizes contains 4 and likes contains \"tea\"");
    let rules = nextbest::Ruleset::parse(&[("a.nba", &rules)]).expect("rules");
    let (engine, schema) = (rules.bind_records().expect("an engine"), rules.record_schema().expect("a schema"));
    let mut customer = schema.record();
    customer.set("sizes", nextbest::Value::List(vec![4.into(), 5.into()])).expect("sizes");
    customer.set("likes", nextbest::Value::Texts(vec!["tea".to_owned()])).expect("likes");
    for name in ["sizes", "likes"] {
        customer.set_as_of(name, instant("2026-05-14T00:00:00Z")).expect("a provenance");
    }
    let explained = |now: &str| {
        let request = engine.request(instant(now));
        engine.explain_segment(&customer, &request, engine.segment("a").expect("a")).expect("a").to_string()
    };
    let fresh = explained("2026-05-14T12:00:00Z");
    assert!(fresh.contains("sizes is [4, 5]") && fresh.contains("likes is [tea]"), "{fresh}");
    let stale = explained("2026-05-16T12:00:00Z");
    assert!(stale.contains("sizes is missing") && stale.contains("likes is missing"), "{stale}");
}

#[test]
fn explanations_say_whence_a_value_is_and_whether_it_is_fresh() {
    let rules = nextbest::Ruleset::parse(&[("a.nba", &format!("{SOURCED}\nsegment a when intent >= 60% and age > 3"))]);
    let rules = rules.expect("rules");
    let (engine, schema) = (rules.bind_records().expect("an engine"), rules.record_schema().expect("a schema"));
    let mut customer = schema.record();
    customer.set("intent", nextbest::Value::Percent(0.7)).expect("a share");
    let marketing =
        |consent: fn(&'static str, &'static str, Instant) -> Consent, at| consent("sms", "marketing", instant(at));
    customer.add_consent(marketing(Consent::granted, "2026-01-01T00:00:00Z")).expect("a consent");
    let explained = |customer: &nextbest::Record| {
        let request = engine.request(instant("2026-05-14T12:00:00+02:00"));
        engine.explain_segment(customer, &request, engine.segment("a").expect("a")).expect("a").to_string()
    };
    let undated = explained(&customer);
    assert!(
        undated.contains("intent is missing from third_party \"DMP\" for marketing, not fresh for 7 days"),
        "{undated}"
    );
    assert!(undated.contains("age is missing from third_party \"DMP\"\n"), "{undated}");
    customer.set_as_of("intent", instant("2026-05-13T00:00:00Z")).expect("a provenance");
    let fresh = explained(&customer);
    assert!(
        fresh.contains("intent is 70% from third_party \"DMP\" for marketing as of 2026-05-13T00:00:00Z\n"),
        "{fresh}"
    );
    customer.add_consent(marketing(Consent::denied, "2026-05-14T00:00:00Z")).expect("a consent");
    let refused = explained(&customer);
    assert!(
        refused.contains("intent is missing from third_party \"DMP\" for marketing as of 2026-05-13T00:00:00Z, without a consent to marketing\n"),
        "{refused}"
    );
    assert_eq!(engine.needs().as_of, ["intent"]);
    assert_eq!(engine.needs().purposes, ["marketing"]);
    assert!(customer.set_as_of("person", instant("2026-05-13T00:00:00Z")).is_err());
}
