//! Decision tests in rule files: what is given, what is expected, and how a failure is told.
#![allow(clippy::unwrap_used, clippy::panic)]

use nextbest::Ruleset;
use nextbest::testing::{Report, Tests};

nextbest::rule_tests!(the_worked_file: "tests/testing/shop.nba");

const SHOP: &str = include_str!("testing/shop.nba");

/// The shop's rules without its tests, and these instead.
fn tests(text: &str) -> Tests {
    let rules = SHOP.split("# ---- tests").next().unwrap();
    let rules = Ruleset::parse(&[("shop.nba", rules), ("tests.nba", text)]).unwrap_or_else(|found| panic!("{found}"));
    rules.tests().unwrap_or_else(|found| panic!("{found}"))
}

/// What comes of one test at noon of 10 March 2026 in Paris.
fn run(lines: &str) -> Report {
    tests(&format!("test \"t\" {{ now 2026-03-10T12:00:00+01:00 {lines} }}")).run()
}

#[track_caller]
fn passes(lines: &str) {
    let report = run(lines);
    assert!(report.passed(), "{report}");
}

/// What a failing test tells.
#[track_caller]
fn told(lines: &str) -> String {
    let report = run(lines);
    assert_eq!(report.failures.len(), 1, "{report}");
    report.failures[0].to_string()
}

#[test]
fn what_is_not_given_is_missing_complete_or_granted() {
    passes("expect spent = 0 EUR, not in segment lapsed, last_total is missing");
    passes("given age = 31 expect in segment adult");
    passes("expect not in segment adult, not in segment child");
    passes("given age = 31 on email expect winback.hello.greeting");
    passes("given age = 31, no consent email.marketing on email expect nothing because not_permitted");
    passes(
        "given age = 31, consent email.marketing until 2026-03-10T12:00:00+01:00 on email expect nothing because consent",
    );
    passes(
        "given age = 31, consent email.marketing until 2026-03-10T12:00:01+01:00 on email expect winback.hello.greeting",
    );
    passes("expect id_known = true");
}

#[test]
fn events_stand_where_they_are_given() {
    passes("given order { total: 5 EUR } 40 days ago expect in segment lapsed, spent = 5 EUR");
    passes("given order { total: 5 EUR } 30 days ago expect in segment lapsed");
    passes("given order { total: 5 EUR } 29 days ago expect not in segment lapsed");
    passes("given 3 orders { total: 5 EUR } 40 days ago, order { total: 1 EUR } 41 days ago expect spent = 16 EUR");
    passes("given order { total: 5 EUR } at 2026-02-08T12:00:00+01:00 expect in segment lapsed");
    // Of one moment the later in the text is the last.
    passes("given order { total: 5 EUR } 40 days ago, order { total: 6 EUR } 40 days ago expect last_total = 6 EUR");
    passes("given no order expect not in segment lapsed");
    // Days are counted in the customer's own zone: in New York the clocks have changed since, in Paris they have not.
    passes("given zone = \"America/New_York\", order { total: 5 EUR } 3 days ago expect hours = 71");
    passes("given order { total: 5 EUR } 3 days ago expect hours = 72");
}

#[test]
fn items_and_lists_are_given_as_they_are() {
    passes("expect not in segment careful, not in segment empty_cart");
    passes("given cart { sku: \"a\", price: 5 EUR } expect in segment careful, not in segment empty_cart");
    passes(
        "given cart { sku: \"a\", price: 5 EUR }, 2 carts { sku: \"b\", price: 50 EUR } expect not in segment careful",
    );
    passes("given no cart expect in segment empty_cart");
    passes("given likes = [\"shoes\", \"bags\"] expect in segment shoe_lover");
    passes("given likes = [] expect not in segment shoe_lover");
}

#[test]
fn values_grow_stale_unless_they_are_of_now() {
    passes("given intent = 70% expect in segment keen");
    passes("given intent = 70% 6 days ago expect in segment keen");
    passes("given intent = 70% 7 days ago expect not in segment keen");
}

#[test]
fn a_segment_that_is_given_is_seen_by_all_that_refer_to_it() {
    passes("given in segment lapsed expect in segment lapsed, in segment lapsed_adult_or_child");
    passes("given not in segment lapsed, order { total: 5 EUR } 40 days ago expect not in segment lapsed");
    passes("given in segment lapsed on email expect winback.come_back.gift");
    passes("given in segment lapsed, not in segment adult on email expect winback.come_back.gift");
    // Definitely not in it, which a negation asks for.
    passes("given not in segment child on web expect winback.hello.greeting");
}

#[test]
fn contacts_are_given_by_their_outcomes() {
    passes("given in segment lapsed, exposed gift on email 2 days ago on email expect nothing because resting");
    passes("given in segment lapsed, exposed gift on email 61 days ago on email expect winback.come_back.gift");
    // A contact that failed counts for nothing: the two are one contact.
    passes(
        "given in segment lapsed, exposed gift on email 2 days ago, failed gift on email 1 day ago
         on email expect winback.come_back.gift",
    );
    passes("given clicked greeting on web 2 days ago expect clicks = 1");
    passes("given exposed gift on email 2 days ago, clicked gift on email 1 day ago expect clicks = 1");
    // On the only channel that it has, or as an impression where the customer comes to us.
    passes("given in segment lapsed, exposed bag 1 day ago on letter expect nothing");
    passes("given exposed greeting on web 2 days ago expect impressions = 1");
}

#[test]
fn nothing_is_expected_with_its_reason_and_its_end() {
    passes(
        "given in segment lapsed, exposed gift on email 2 days ago on email
         expect nothing because resting until 2026-05-07T12:00:00+02:00",
    );
    passes("given in segment lapsed, exposed gift on email 2 days ago on email expect nothing because journey");
    passes("given in segment lapsed, exposed gift on email 2 days ago on email why not gift = resting");
    passes("given age = 31, context.weather = \"rain\" on email why not greeting = suppressed expect nothing");
}

#[test]
fn several_channels_are_asked_in_their_order() {
    passes("given age = 31, in segment lapsed on email, web expect winback.come_back.gift, winback.hello.greeting");
    assert!(told("given in segment lapsed on email, web expect nothing").contains("+ email: winback.come_back.gift"));
}

#[test]
fn a_failure_says_what_was_expected_what_came_and_why() {
    assert_eq!(
        told("given age = 17 expect in segment adult, spent = 5 EUR"),
        "test \"t\" failed (tests.nba:1)
  at tests.nba:1
  - in segment adult
  + not in segment adult
    not in segment adult: Of age
    at 2026-03-10T11:00:00Z in Europe/Paris
      no      age >= 18; age is 17
  at tests.nba:1
  - spent = 5.00 EUR
  + spent = 0.00 EUR
"
    );
    let told = told("given age = 31, no consent email.marketing on email expect winback.hello.greeting");
    assert!(told.contains("  - winback.hello.greeting\n  + email: nothing: not permitted"), "{told}");
    assert!(told.contains("    left at consent"), "{told}");
    assert!(told.contains("    winback.hello.greeting would win with consent email.marketing\n"), "{told}");
}

#[test]
fn a_failure_says_what_would_have_made_the_expected_win() {
    let past = told("given exposed gift on email 2 days ago, in segment lapsed on email expect gift");
    assert!(past.contains("    winback.come_back.gift would win with now 2026-05-07T10:00:00Z\n"), "{past}");
    let event = told("given age = 31 on email expect winback.come_back.gift");
    let wanted = "would win had there been one order { total: 0.00 EUR } at 2026-02-08T11:00:00Z\n";
    assert!(event.contains(wanted), "{event}");
    // Where nothing was found nothing is said.
    let never = told("given age = 31 on web expect winback.bags.bag");
    assert!(!never.contains("would win"), "{never}");
}

#[test]
fn one_row_of_an_action_is_expected_by_its_id() {
    let rules = r#"
ruleset shop { currency EUR }
profile { person id  age int? }
catalog products { number id<int>  price money EUR }
channel web inbound
program p { campaign c for everyone every {
  offer pick for product in products limit 9 {
    value product.price  propensity 5%  eligible when product.price < 50 EUR or age >= 18  treat web "a"
  }
} }
"#;
    let told = |expected: &str| {
        let test = format!(
            "test \"t\" {{ now 2026-03-10T12:00:00Z  on web  given products {{ number: 1, price: 60 EUR }}, products {{ number: 2, price: 5 EUR }}  {expected} }}"
        );
        let rules =
            Ruleset::parse(&[("shop.nba", rules), ("tests.nba", &test)]).unwrap_or_else(|found| panic!("{found}"));
        rules.tests().unwrap_or_else(|found| panic!("{found}")).run().to_string()
    };
    assert_eq!(told("expect pick[2]"), "1 of 1 tests of the rules passed");
    assert_eq!(told("expect pick  why not p.c.pick[1] = eligible"), "1 of 1 tests of the rules passed");
    let failed = told("expect pick[1]");
    assert!(failed.contains("  - p.c.pick[1]\n  + web: p.c.pick[2]"), "{failed}");
    assert!(failed.contains("    p.c.pick[1] would win with age = 18\n"), "{failed}");
    assert!(!failed.contains("left at rank"), "{failed}");
}

#[test]
fn what_a_case_gives_takes_the_place_of_what_its_test_does() {
    let text = "test \"who\" {
           now 2026-03-10T12:00:00+01:00
           given age = 18, in segment lapsed, no consent email.marketing, order { total: 5 EUR } 1 day ago
           case \"as given\" on email expect in segment adult, in segment lapsed, nothing because not_permitted
           case \"younger\" given age = 17 expect not in segment adult
           case \"not lapsed\" given not in segment lapsed expect not in segment lapsed, in segment adult
           case \"consent\" given consent email.marketing on email expect winback.come_back.gift
         }";
    let report = tests(text).run();
    assert!(report.passed(), "{report}");
}

#[test]
fn cases_are_tests_of_their_own() {
    let tests = tests(
        "test \"age\" {
           now 2026-03-10T12:00:00+01:00
           given order { total: 5 EUR } 1 day ago
           expect spent = 5 EUR
           case \"young\" given age = 17 expect not in segment adult
           case \"old\" given age = 18 expect in segment adult
           case \"later\" now 2027-03-10T12:00:00+01:00 given age = 19 expect not in segment adult
         }",
    );
    let names: Vec<&str> = tests.iter().map(|test| test.name()).collect();
    assert_eq!(names, ["age: young", "age: old", "age: later"]);
    assert_eq!(tests.iter().nth(1).unwrap().place(), "tests.nba:6");
    let failed: Vec<String> = tests.run().failures.into_iter().map(|failure| failure.name).collect();
    assert_eq!(failed, ["age: later"]);
}

#[test]
fn tests_decide_nothing_and_change_no_revision() {
    let rules = "profile { person id  age int? }\nsegment adult when age >= 18\n";
    let test = "test \"t\" { now 2026-03-10T12:00:00Z expect not in segment adult }\n";
    let revision = |text: &str| Ruleset::parse(&[("a.nba", text)]).unwrap().revision();
    assert_eq!(revision(rules), revision(&format!("{rules}{test}")));
    assert_eq!(revision(rules), revision(&format!("{rules}check every campaign reachable\n")));
    assert_ne!(revision(rules), revision(&rules.replace("18", "21")));
}

#[test]
fn coverage_tells_what_no_test_reaches() {
    let tests = tests(
        "test \"t\" {
           now 2026-03-10T12:00:00+01:00
           case \"adult\" given age = 31 on email expect winback.hello.greeting
           case \"rain\" given age = 31, context.weather = \"rain\" on email expect nothing
         }",
    );
    let coverage = tests.coverage();
    assert!(coverage.never_won.contains(&"winback.come_back.gift".to_owned()), "{coverage}");
    assert!(!coverage.never_won.contains(&"winback.hello.greeting".to_owned()), "{coverage}");
    assert!(coverage.nobody_in.contains(&"lapsed".to_owned()), "{coverage}");
    assert!(coverage.nobody_out.contains(&"adult".to_owned()), "{coverage}");
    let idle: Vec<&str> = coverage.idle.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(
        idle,
        [
            "suitable when likes is missing or not (likes contains \"gifts\")",
            "cap marketing on email at most 2 in any 7 days"
        ]
    );
}

#[test]
fn what_is_sought_is_found_with_as_little_as_will_do() {
    let now = "test \"now\" { now 2026-03-10T12:00:00+01:00 expect spent = 0 EUR }\n";
    let tests =
        tests(&format!("{now}check overlap lapsed, adult\ncheck every campaign reachable\ncheck overlap adult, child"));
    let report = tests.run();
    let found: Vec<String> = report.findings.iter().map(|finding| finding.sought.clone()).collect();
    assert_eq!(
        found,
        [
            "somebody in lapsed and in adult",
            "somebody for the campaign winback.come_back",
            "somebody for the campaign winback.hello",
            "somebody for the campaign winback.bags",
            "somebody in adult and in child",
        ]
    );
    let missed: Vec<String> = report.missed().map(ToString::to_string).collect();
    assert_eq!(missed, ["somebody in adult and in child (tests.nba:4): not found in 4000 tries, which proves nothing"]);
    // The same every time, and true: each witness is what a test may give.
    assert_eq!(report.findings, tests.run().findings);
    for finding in &report.findings {
        let Some(witness) = &finding.witness else { continue };
        let given = if witness.is_empty() { String::new() } else { format!("given {}", witness.join(", ")) };
        let expected = match finding.sought.strip_prefix("somebody for the campaign ") {
            Some("winback.come_back") => "on email expect winback.come_back.gift",
            Some("winback.hello") => "on email, web expect winback.hello.greeting",
            Some(_) => "on letter expect winback.bags.bag",
            None => "expect in segment lapsed, in segment adult",
        };
        passes(&format!("{given} {expected}"));
    }
}

#[test]
fn a_pinned_segment_needs_no_program_of_its_own() {
    // What the program brings is brought to records too.
    use nextbest::{Datum, Function, Profile, Schema, Type};
    struct Customer {
        age: Option<i64>,
    }
    impl Profile for Customer {
        fn describe(schema: Schema<Self>) -> Schema<Self> {
            schema.int("age", |customer| customer.age)
        }
    }
    let text = "segment adult when age >= 18\nsegment even when twice(age) = 36 and in segment adult\n
        test \"t\" { now 2026-03-10T12:00:00Z given in segment adult, age = 18 expect in segment even }";
    let twice = |schema: Schema<nextbest::Record>| {
        schema.function(Function::new("twice", [Type::Int], Type::Int, |values| match values {
            [Datum::Int(n)] => Some(Datum::Int(n * 2)),
            _ => None,
        }))
    };
    let rules = Ruleset::parse(&[("a.nba", text)]).unwrap();
    let report = rules.tests_for::<Customer>(twice).unwrap_or_else(|found| panic!("{found}")).run();
    assert!(report.passed(), "{report}");
}

#[cfg(feature = "json")]
#[test]
fn frozen_decisions_show_whom_a_change_touches() {
    use nextbest::Instant;
    use nextbest::testing::{changes, freeze};
    let customers =
        "{\"person\": \"ann\", \"age\": 31, \"likes\": []}\n\n{\"person\": \"bob\", \"age\": 17, \"likes\": []}\n";
    let decided = |rules: &str| {
        let rules = Ruleset::parse(&[("shop.nba", rules)]).unwrap();
        let engine = rules.bind_records().unwrap();
        let request = engine.request(Instant::from_millis(0)).channel("web").unwrap();
        freeze(&engine, &rules.record_schema().unwrap(), customers, &request).unwrap()
    };
    let before = decided(SHOP);
    assert_eq!(before.lines().count(), 2);
    assert_eq!(changes(&before, &decided(SHOP)), None);
    let told = changes(&before, &decided(&SHOP.replace("when not in segment child", "when age > 99"))).unwrap();
    assert!(told.starts_with("customer 1\n  - [{\"channel\":\"web\""), "{told}");
    assert!(!told.contains("customer 2"), "{told}");
    let schema = Ruleset::parse(&[("shop.nba", SHOP)]).unwrap().record_schema().unwrap();
    let engine = Ruleset::parse(&[("shop.nba", SHOP)]).unwrap().bind_records().unwrap();
    let request = engine.request(Instant::from_millis(0));
    assert!(freeze(&engine, &schema, "\n{\"agee\": 3}", &request).unwrap_err().starts_with("customer 2: "));
}

nextbest::rule_tests!(the_whole_file: "examples/worked.nba", "examples/worked_tests.nba");

const PAGE: &str = include_str!("../docs/testing.md");
const COOKBOOK: &str = include_str!("../docs/cookbook.md");

/// The fenced blocks of a page with this behind their fence.
fn blocks(page: &str, info: &str) -> Vec<String> {
    let (mut blocks, mut open): (Vec<String>, Option<String>) = (Vec::new(), None);
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(block), None) => *block += &format!("{line}\n"),
            (Some(_), Some(_)) => blocks.extend(open.take().filter(|block| block.starts_with(&format!("{info}\n")))),
            (None, Some(info)) => open = Some(format!("{info}\n")),
            (None, None) => {}
        }
    }
    blocks.into_iter().map(|block| block.split_once('\n').unwrap().1.to_owned()).collect()
}

#[test]
fn the_page_is_true() {
    let all = blocks(PAGE, "nba").concat();
    let report = Ruleset::parse(&[("page.nba", &all)]).unwrap().tests().unwrap_or_else(|found| panic!("{found}")).run();
    assert!(report.passed(), "{report}");
    assert_eq!((report.tests, report.findings.len()), (10, 4), "{report}");
    let (rules, failing) = (blocks(PAGE, "nba").remove(0), blocks(PAGE, "nba fails").concat());
    let report = Ruleset::parse(&[("page.nba", rules), ("failing.nba", failing)]).unwrap().tests().unwrap().run();
    let told: Vec<String> = report.failures.iter().map(ToString::to_string).collect();
    assert_eq!(told, blocks(PAGE, "text"));
}

#[test]
fn the_cookbook_is_true() {
    let all = blocks(COOKBOOK, "nba").concat();
    let rules = Ruleset::parse(&[("cookbook.nba", &all)]).unwrap_or_else(|found| panic!("{found}"));
    let report = rules.tests().unwrap_or_else(|found| panic!("{found}")).run();
    assert!(report.passed(), "{report}");
    let recipes = COOKBOOK.split("\n## ").skip(2).filter(|recipe| recipe.contains("```nba"));
    let untested: Vec<&str> =
        recipes.filter(|recipe| !recipe.contains("\ntest \"")).filter_map(|r| r.lines().next()).collect();
    assert_eq!(untested, ["What is it worth?"], "each recipe but that of shares by chance has a test");
}
