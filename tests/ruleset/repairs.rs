//! What a message advises: the repair fits the mistake, and only that one.

use nextbest::diagnostic::Code;
use nextbest::{Diagnostic, Ruleset};

const WORLD: &str = r#"
ruleset shop { zone "Europe/Paris" }
profile {
  person id  age int?  rating number?  share percent?  clv money EUR?  debt money USD?  name text?  vip bool?
  born date?  joined instant?  opens time?  app version?  likes list<text>?  ratings map<number>?  home point?
}
event order { total money EUR? }
"#;

/// What is told of one more statement.
#[track_caller]
fn only(statement: &str) -> Diagnostic {
    let rules = Ruleset::parse(&[("repairs.nba", format!("{WORLD}{statement}\n"))]);
    let found = rules.and_then(|rules| rules.bind_records().map(|_| ())).expect_err(statement);
    assert_eq!(found.len(), 1, "{statement} has one mistake\n{found}");
    found.iter().next().unwrap().clone()
}

/// The help for one mistaken condition.
#[track_caller]
fn help(condition: &str) -> String {
    only(&format!("segment wrong when {condition}")).help.unwrap_or_default()
}

#[test]
fn values_that_do_not_go_together_have_a_repair_for_each_pair() {
    let number = "make it a number: `number(…)`";
    let unquoted = "a number is written without quotes";
    let quoted = "a text is written in quotes: `\"18\"`";
    let undated = "a date is written without quotes: `2026-01-31`";
    let of = "a share of an amount is written with `of`: `25% of x`";
    let day = "compare a moment with a day by `is before`, `is on` or `is after`";
    let version = "read the text as a version: `version(…)`";
    let bare_version = "a version is written `version(\"3.10.0\")`";
    let time = "a time of day is written `09:30`";
    for (condition, expected) in [
        ("age > \"18\"", unquoted),
        ("rating > \"4.5\"", unquoted),
        ("name = 18", quoted),
        ("name = 4.5", quoted),
        ("born < \"2026-01-31\"", undated),
        ("joined < \"2026-01-31\"", undated),
        ("born < 2026 - 1 - 31", "a date is written year-month-day: `2026-01-31`"),
        ("joined < 31 / 1 / 2026", "a date is written year-month-day: `2026-01-31`"),
        // A whole number that is no date.
        ("born < 2026", ""),
        ("born < 2026 - age", ""),
        ("born < 2 * 3 * 4", ""),
        ("vip = \"yes\"", "a yes or no is compared with `true` or `false`"),
        ("age > rating", number),
        ("age > share", number),
        ("rating > age", number),
        ("share > age", number),
        ("clv > rating", of),
        ("clv > share", of),
        ("rating > clv", of),
        ("share < clv", of),
        ("clv > debt", "nothing converts currencies: use amounts in one of them"),
        ("clv * clv > 5 EUR", "multiply an amount by a whole number, or take `25% of` it"),
        ("joined > born", day),
        ("born > joined", day),
        ("opens > 9", time),
        ("opens > 9.5", time),
        ("opens > \"09:30\"", time),
        ("name > app", version),
        ("app > 3", bare_version),
        ("app > 3.1", bare_version),
        ("likes = \"shoes\"", "ask whether the list `contains` it"),
        ("ratings = 4.5", "take the value of a key, as in `x[\"key\"]`"),
        // Nothing that is alike comes to mind.
        ("vip = age", ""),
        ("home = 3", ""),
    ] {
        assert_eq!(help(condition), expected, "{condition}");
    }
}

#[test]
fn another_currency_is_another_mistake_than_another_type() {
    let code = |condition: &str| only(&format!("segment wrong when {condition}")).code;
    assert_eq!(code("clv > debt"), Code::WrongCurrency);
    assert_eq!(code("clv * clv > 5 EUR"), Code::TypeMismatch);
    assert_eq!(code("clv / debt > 1.0"), Code::WrongCurrency);
    assert_eq!(code("clv > age"), Code::TypeMismatch);
}

#[test]
fn an_amount_has_no_more_decimals_than_its_currency_and_no_more_digits_than_fit() {
    let told = |amount: &str| {
        let problem = only(&format!("segment rich when clv > {amount}"));
        (problem.message, problem.label)
    };
    let pair = |message: &str, label: &str| (message.to_owned(), label.to_owned());
    assert_eq!(told("1.234 EUR"), pair("amounts in EUR have at most 2 decimals", "this has 3"));
    assert_eq!(told("1.5 JPY"), pair("amounts in JPY have no decimals", "this has 1"));
    assert_eq!(told("99999999999999999999 EUR"), pair("this amount is too large", ""));
    assert_eq!(told("99999999999999999999.99 EUR"), pair("this amount is too large", "this has 2"));
}

#[test]
fn an_amount_of_time_has_no_name_of_its_own() {
    let problem = only("let silence = time since last(order)");
    assert_eq!(problem.code, Code::Unsupported);
    assert_eq!(problem.help.unwrap(), "give a name to the comparison: `time since … > 30 days`");
    assert_eq!(only("let liked = likes").help.unwrap(), "use the attribute itself");
}

#[test]
fn bounds_the_wrong_way_round_are_told_for_every_type() {
    for (subject, low, high) in [
        ("age", "3", "2"),
        ("rating", "3.5", "2.5"),
        ("share", "30%", "20%"),
        ("clv", "3 EUR", "2 EUR"),
        ("born", "2026-02-01", "2026-01-31"),
        ("joined", "2026-02-01T00:00:00Z", "2026-01-31T00:00:00Z"),
        ("app", "version(\"2.10.0\")", "version(\"2.9.0\")"),
    ] {
        let problem = only(&format!("segment wrong when {subject} between {low} and {high}"));
        assert_eq!(problem.code, Code::ReversedBounds, "{subject}");
        for (low, high) in [(high, low), (low, low), (high, high)] {
            let rules = format!("{WORLD}segment right when {subject} between {low} and {high}\n");
            let found = Ruleset::parse(&[("repairs.nba", rules)]).unwrap().bind_records().unwrap();
            assert!(!found.warnings().has_errors(), "{}", found.warnings());
        }
    }
}

#[test]
fn a_number_that_no_float_holds_is_no_number() {
    let huge = format!("{}.0", "9".repeat(400));
    let problem = only(&format!("segment wrong when rating > {huge}"));
    assert_eq!((problem.code, problem.message.as_str()), (Code::BadNumber, "this number is too large"));
}

#[test]
fn a_sign_belongs_to_what_is_written() {
    for condition in ["clv in [-3 EUR, 3 EUR]", "age in [-3]", "rating in [-2.5, 2.5]", "clv between -3 EUR and 3 EUR"]
    {
        let rules = format!("{WORLD}segment right when {condition}\n");
        let bound = Ruleset::parse(&[("repairs.nba", rules)]).unwrap().bind_records();
        assert!(bound.is_ok(), "{condition}");
    }
    assert_eq!(only("segment wrong when -vip").help.unwrap(), "to turn a condition round, write `not`");
    assert_eq!(only("segment wrong when -name = \"x\"").help, None);
}

#[test]
fn a_function_says_what_it_needs() {
    let told = |condition: &str| {
        let problem = only(&format!("segment wrong when {condition}"));
        (problem.message, problem.help.unwrap_or_default())
    };
    let needs = |what: &str, help: &str| (what.to_owned(), help.to_owned());
    assert_eq!(told("age(joined) > 3"), needs("`age` needs a date", "take the day of the moment: `age(date(…))`"));
    assert_eq!(told("age(age) > 3"), needs("`age` needs a date", "compare it directly, as in `age >= 18`"));
    assert_eq!(told("age(name) > 3"), needs("`age` needs a date", ""));
    assert_eq!(told("number(name) > 3.0"), needs("`number` needs a whole number", ""));
    assert_eq!(told("length(age) > 3"), needs("`length` needs a text, a list or a map", ""));
    assert_eq!(told("hour(born) > 3"), needs("`hour` needs a moment", ""));
    assert_eq!(told("time(born) > 03:00"), needs("`time` needs a moment", ""));
    assert_eq!(told("date(age) > 2026-01-01"), needs("`date` needs a moment", ""));
    assert_eq!(told("month(age) > 3"), needs("`month` needs a date or a moment", ""));
}

#[test]
fn only_a_segment_is_asked_for_as_one() {
    let asked = "segment wrong when in segment";
    for other in ["let grown = age >= 18", "let grown = age + 18", "score grown on age { 1 if >= 18, else 0 }"] {
        assert_eq!(only(&format!("{other}\n{asked} grown")).code, Code::UnknownName, "{other}");
    }
}

#[test]
fn case_is_of_texts_only() {
    for condition in
        ["age = 18", "age != 18", "age in [18]", "age not in [18]", "vip", "name is known", "born is today"]
    {
        let problem = only(&format!("segment wrong when ({condition}) ignoring case"));
        assert_eq!(problem.code, Code::MisplacedIgnoringCase, "{condition}");
    }
}

#[test]
fn searching_in_what_is_no_text_says_how_to_ask_instead() {
    let key = "ask for the value of a key, as in `x[\"key\"]`";
    assert_eq!(help("likes starts with \"a\""), "ask whether the list `contains` a text");
    assert_eq!(help("ratings starts with \"a\""), key);
    assert_eq!(help("ratings contains any of [\"a\"]"), key);
    assert_eq!(help("name contains any of [\"a\"]"), "for a single value, write `in [ … ]`");
    assert_eq!(help("age starts with \"a\""), "only text can be searched");
    assert_eq!(help("ratings = ratings"), "compare the values of a key, as in `x[\"key\"] = …`");
    assert_eq!(help("likes = likes"), "ask whether one `contains` something");
    let map = only("segment wrong when ratings.shoes > 3.0");
    assert_eq!(map.suggestion.unwrap().replacement, "ratings[\"shoes\"]");
}

#[test]
fn a_group_of_events_has_what_is_alike_in_all_its_kinds() {
    let asked = |one: &str, other: &str| {
        let kinds =
            format!("event click {{ page {one} }}\nevent view {{ page {other} }}\nevent engaged = click | view");
        let rules = format!("{WORLD}{kinds}\nsegment s when any(engaged where page is known)\n");
        Ruleset::parse(&[("repairs.nba", rules)]).unwrap().bind_records().is_ok()
    };
    assert!(asked("text?", "text?") && asked("text? nocase", "text? nocase") && asked("text", "text?"));
    assert!(!asked("text?", "int?"));
    assert!(!asked("text? nocase", "text?") && !asked("text?", "text? nocase"));
    assert!(!asked("list<text>", "list<text>"));
}

#[test]
fn the_first_circle_of_a_walk_is_shown() {
    let two =
        only("segment a when in segment b and in segment c\nsegment b when in segment a\nsegment c when in segment a");
    assert_eq!(two.code, Code::Cycle);
    assert_eq!(two.help.unwrap(), "it goes round: a → b → a");
    assert_eq!(only("let loop = loop + 1").help, None);
}

#[test]
fn a_priority_is_an_amount_made_of_factors() {
    let bound = |priority: &str| {
        let rules = WORLD.replacen("ruleset shop {", "ruleset shop { currency EUR ", 1) + "priority " + priority;
        Ruleset::load_records(&[("repairs.nba", rules)]).map(|engine| engine.warnings().len())
    };
    let factors = "propensity * context * margin * lever";
    for priority in [factors, "propensity * margin", "margin * propensity", "value - cost", "propensity * margin * 2"] {
        assert_eq!(bound(priority).unwrap(), 0, "{priority}");
    }
    for wrong in ["propensity + margin", "propensity", "margin * value", "age * margin"] {
        let problems = bound(wrong).expect_err(wrong);
        assert_eq!(problems.len(), 1, "{problems}");
    }
}

#[test]
fn a_score_that_is_misspelt_is_sought_among_the_scores() {
    let score =
        "score recency on time since last(order) { 2 if < 3 days, else 1 }\nscore size on age { 2 if > 1, else 1 }";
    let problem = only(&format!("{score}\ngroup kind on (recencyy, size) {{ a if 1, any  else b }}"));
    assert_eq!(problem.suggestion.unwrap().replacement, "recency");
    let none = only(&format!("{score}\ngroup kind on (rating, size) {{ a if 1, any  else b }}"));
    assert_eq!(none.suggestion, None);
}
