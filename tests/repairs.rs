//! What a message advises: the repair fits the mistake, and only that one.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::panic)]

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
