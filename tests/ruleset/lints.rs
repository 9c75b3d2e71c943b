//! Lints: their levels, and that no rule that is well written is warned of.

use nextbest::diagnostic::{Lint, Lints};
use nextbest::{Diagnostics, Ruleset};

/// What is told of rules, by lint; an error without a lint is `None`.
fn told(text: &str, lints: Lints) -> (Vec<Option<Lint>>, bool) {
    let found = found(text, lints);
    (found.iter().map(|d| d.lint).collect(), found.has_errors())
}

fn found(text: &str, lints: Lints) -> Diagnostics {
    let rules = Ruleset::parse(&[("lints.nba", text)]).unwrap().with_lints(lints);
    rules.bind_records().map_or_else(|found| found, |engine| engine.warnings().clone())
}

const TWO: &str = "
profile { person id  rating number? }
segment a when rating = 4.5
segment b when rating = 3.5
";

fn commented(comment: &str) -> String {
    TWO.replace("segment a", &format!("# nextbest: {comment}\nsegment a"))
}

#[test]
fn the_nearest_level_counts() {
    let one = [Some(Lint::NumberEquality)];
    let two = [Some(Lint::NumberEquality); 2];
    assert_eq!(told(TWO, Lints::new()), (two.to_vec(), false));
    assert_eq!(told(TWO, Lints::new().deny(Lint::NumberEquality)), (two.to_vec(), true));
    assert_eq!(told(TWO, Lints::new().allow_all()), (vec![], false));
    assert_eq!(told(&commented("allow(number_equality)"), Lints::new()), (one.to_vec(), false));
    assert_eq!(told(&commented("allow(number_equality) in this file"), Lints::new()), (vec![], false));
    assert_eq!(told(&commented("deny(number_equality)"), Lints::new()), (two.to_vec(), true));
    assert_eq!(told(&commented("warn(number_equality)"), Lints::new().allow_all()), (one.to_vec(), false));
    // The statement's before the file's, whatever their order.
    let both = commented("allow(number_equality)\n# nextbest: deny(number_equality) in this file");
    assert_eq!(told(&both, Lints::new()), (one.to_vec(), true));
}

#[test]
fn what_the_host_denies_no_comment_allows() {
    let found = found(&commented("allow(number_equality)"), Lints::new().deny(Lint::NumberEquality));
    assert_eq!(found.iter().filter(|d| d.is_error()).count(), 2);
    let related = &found.iter().next().unwrap().related;
    assert_eq!(related.len(), 1);
    assert_eq!(found.sources().slice(related[0].0), Some("number_equality"));
}

#[test]
fn comments_about_lints_are_lints_themselves() {
    let idle = commented("allow(unused_definition)");
    assert_eq!(told(&idle, Lints::new().allow(Lint::NumberEquality)), (vec![Some(Lint::IdleComment)], false));
    let silent = idle.replace("(unused", "(idle_comment, unused");
    assert_eq!(told(&silent, Lints::new().allow(Lint::NumberEquality)), (vec![], false));
    // A mistake may hide what the comment is about.
    let broken = idle.replace("= 4.5", "= \"x\"");
    assert_eq!(told(&broken, Lints::new().allow(Lint::NumberEquality)), (vec![None], true));
    // What stands in a text is no comment.
    let text =
        format!("{TWO}segment c when rating > 3 and in segment d\nsegment d \"# nextbest: allow(x)\" when rating > 4");
    assert_eq!(told(&text, Lints::new().allow(Lint::NumberEquality)).0, []);
}

/// Rules that say what they mean, each near one that does not.
const WELL_WRITTEN: &str = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
profile { person id  age int?  country text  city text?  plan enum(basic, pro)?  vip bool  birth_date date?  rating number? }
event order { total money EUR  category text? }
event complaint { state enum(open, closed) }
channel email outbound needs consent email.marketing
score recency on time since last(order) { 3 if <= 30 days, 2 if <= 90 days, else 1 }
score size on count(order) { 3 if >= 5, 2 if >= 1, 1 if >= 0, else 0 }
segment a when country != "FR" and not vip
segment b when plan != "pro" or missing
segment c when (not (plan = "pro")) or missing
segment d when plan in ["pro"] and plan != "basic"
segment e when age is missing or age != 3
segment f when (age > 30 or age < 20) and age >= 20
segment g when age >= 20 and age <= 20
segment h when age > 30 or age < 30
segment i when any(order where total > 3 EUR) and any(order where total < 3 EUR)
segment j when min(order.total) > 3 EUR and max(order.total within 3 days) < 3 EUR
segment k when country = "FR" and city = "DE"
segment l when rating > 2 and rating < 2.000000000000001
segment m when time since last(order) > 30 days and time since last(order) < 31 days
segment n when none(order) or time since last(order) > 30 days
segment o when count(order) >= 1 and time since last(order) > 30 days
segment p when age(birth_date) >= 18 and month(birth_date) = 12 and hour(now) < 23
segment q when recency = 3 and size >= 2
segment r when none(order where category is known and category != "books")
segment s when at least 2 of (age > 3, age < 2, vip)
segment t when not (age > 3 and age < 1000)  or missing
program back {
  campaign again for a every {
    suppress when any(complaint) and last(complaint).state = "open" because "x"
    suppress when last(complaint).state is known and last(complaint).state = "open" because "x"
    suppress when any(complaint) and in segment blocked because "x"
    suppress when plan != "pro" because "not for them"
    offer gift { value 1 EUR  propensity 1%  treat email "x" }
  }
}
segment blocked when last(complaint).state = "open"
"#;

#[test]
fn well_written_rules_are_not_warned_of() {
    let found = found(WELL_WRITTEN, Lints::new());
    assert!(found.is_empty(), "{found}");
    let texts = "profile { p id  name text }\nsegment a when name in [\"Ωmega 3\", \"日本ひらがなカタカナ\", \"Zürich\", \"μ-law\", \"👩‍👩‍👧\", \"Москва in Moscow\"]";
    let found = self::found(texts, Lints::new());
    assert_eq!(found.len(), 1, "{found}");
    assert!(found.to_string().contains("`Ω`"), "{found}");
}

/// The lints told of one more statement in a world without a zone.
#[track_caller]
fn told_of(statement: &str) -> Vec<Option<Lint>> {
    let world = "ruleset shop { currency EUR }\nprofile { person id  age int?  name text?  joined instant?  born date?  vip bool }\n\
        event order { total money EUR }\nevent login { at_noon bool }\nchannel email outbound needs consent email.marketing\n";
    let found = found(&format!("{world}{statement}\n"), Lints::new().allow(Lint::UnusedDefinition));
    assert!(!found.has_errors(), "{found}");
    found.iter().map(|d| d.lint).collect()
}

#[test]
fn whatever_counts_days_wants_a_zone() {
    let days = [
        "any(order within 1 day)",
        "any(order within 2 months)",
        "any(order today)",
        "any(order last week)",
        "any(order from 60 days ago to 30 hours ago)",
        "any(order from 60 days ago to 30 days ago)",
        "any(order from 2026-01-01 to 2026-01-31)",
        "any(order within 3 days of joined)",
        "count(order last month) > 3",
        "last(order within 3 days) is known",
        "all(order within 3 days have total > 3 EUR)",
        "any(order where any(login today))",
        "count(days with order) > 3",
        "joined is in the next 2 days",
        "joined is in the last 2 weeks",
        "joined is within 3 days of joined",
        "joined is older than 3 days",
        "joined is before 2026-01-01",
        "born = today",
        "age(born) >= 18",
        "month(joined) = 3",
        "hour(joined) = 3",
        "time since last(order where total > 1 EUR) < 3 days",
        "lifecycle(order, 30 days) = \"new\"",
        "login then order within 3 days",
        "login then order within 3 hours then login within 1 month",
        "(login within 90 hours) then not order within 3 days",
    ];
    for condition in days {
        assert_eq!(told_of(&format!("segment s when {condition}")), [Some(Lint::ImplicitUtc)], "{condition}");
        let zoned = format!("segment s in zone \"Asia/Tokyo\" when {condition}");
        assert_eq!(told_of(&zoned), [], "{zoned}");
    }
    let hours = [
        "any(order within 24 hours)",
        "any(order from 60 hours ago to 30 hours ago)",
        "any(order within 3 hours of joined)",
        "joined is in the next 48 hours",
        "joined is older than 72 hours",
        "born is before 2026-01-01",
        "month(born) = 3",
        "time since last(order) < 72 hours",
        "lifecycle(order, 720 hours) = \"new\"",
        "login then order within 3 hours",
        "(login within 90 hours) then not order within 3 hours",
    ];
    for condition in hours {
        assert_eq!(told_of(&format!("segment s when {condition}")), [], "{condition}");
    }
}

#[test]
fn the_first_rule_that_counts_days_is_told_of_wherever_it_stands() {
    let score = "score s on time since joined { 2 if < 5 hours, 1 if < 3 days, else 0 }";
    assert_eq!(told_of(score), [Some(Lint::ImplicitUtc)]);
    let clause = "program p { campaign c for everyone every { eligible when joined is older than 3 days\n\
        offer o { value 1 EUR  propensity 1%  treat email \"x\" } } }";
    assert_eq!(told_of(clause), [Some(Lint::ImplicitUtc)]);
    let three = "profile { person id }\nevent order {}\nsegment a when any(order within 3 hours)\n\
        segment b when any(order within 3 days)\nsegment c when any(order today)";
    let found = found(three, Lints::new());
    let places: Vec<_> = found.iter().map(|d| found.sources().slice(d.span)).collect();
    assert_eq!(places, [Some("any(order within 3 days)")]);
}

#[test]
fn those_without_an_event_are_left_out_where_nothing_else_asks_about_it() {
    let long_ago = "time since last(order) > 30 hours";
    for forgotten in [
        long_ago,
        "time since last(order) >= 30 hours",
        "not time since last(order) < 30 hours",
        "not time since last(order) <= 30 hours",
        "not (vip or time since last(order) < 30 hours)",
        "time since last(order) > 30 hours and any(login)",
        "time since last(order) > 30 hours or none(login)",
        // Whoever has one is meant by the other side, and only by that.
        "time since last(order) > 30 hours or any(order within 9 hours)",
        "time since last(order) > 30 hours or last(order) is known",
        "at least 1 of (vip, time since last(order) > 30 hours)",
        "vip and (age > 3 or time since last(order) > 30 hours)",
    ] {
        assert_eq!(told_of(&format!("segment s when {forgotten}")), [Some(Lint::NeverLeftOut)], "{forgotten}");
    }
    for thought_of in [
        "time since last(order) < 30 hours",
        "not time since last(order) > 30 hours",
        "time since first(order) > 30 hours",
        "time since joined > 30 hours",
        "time since last(order) > 30 hours and any(order)",
        "time since last(order) > 30 hours and count(order) > 1",
        "(vip or time since last(order) > 30 hours) and any(order)",
        "time since last(order) > 30 hours or none(order)",
        "time since last(order) > 30 hours or last(order) is missing",
        "time since last(order) > 30 hours or missing",
        "not (time since last(order) < 30 hours and any(order))",
    ] {
        assert_eq!(told_of(&format!("segment s when {thought_of}")), [], "{thought_of}");
    }
    let advice = |condition: &str| {
        let text = format!("profile {{ person id }}\nevent order {{ paid bool }}\nsegment s when {condition}\n");
        let found = found(&text, Lints::new());
        let problem = found.iter().next().unwrap();
        (problem.help.clone().unwrap(), problem.suggestion.is_some())
    };
    let (help, suggests) = advice("time since last(order where paid) > 30 hours");
    assert!(help.contains("`none(order where … within 30 hours)`") && suggests, "{help}");
    let (help, suggests) = advice("not time since last(order) < 31 hours");
    assert!(help.contains("`none(order within 31 hours)`") && !suggests, "{help}");
}

#[test]
fn a_negative_is_told_of_in_every_place_where_rows_are_asked() {
    let told = |condition: &str| {
        let world = "profile { person id }\nevent order { note text? }\nevent login {}\n";
        self::told(&format!("{world}segment s when {condition}"), Lints::new()).0
    };
    let one = [Some(Lint::NegativeOnOptional)];
    for place in
        ["any(order where", "all(order have", "0 < count(order where", "login then (order where", "(order where"]
    {
        let after = if place == "(order where" { ") then login" } else { ")" };
        assert_eq!(told(&format!("{place} note != \"x\"{after}")), one, "{place}");
        assert_eq!(told(&format!("{place} note is known and note != \"x\"{after}")), [], "{place}");
        assert_eq!(told(&format!("{place} note is missing or note != \"x\"{after}")), [], "{place}");
        assert_eq!(told(&format!("{place} (note != \"x\" or missing){after}")), [], "{place}");
    }
    // In a group a property may be missing where it may be in one of the kinds.
    let group = |one: &str, other: &str| {
        let kinds = format!("event a {{ note {one} }}\nevent b {{ note {other} }}\nevent ab = a | b");
        self::told(&format!("profile {{ p id }}\n{kinds}\nsegment s when any(ab where note != \"x\")"), Lints::new()).0
    };
    assert_eq!(
        [group("text", "text"), group("text?", "text"), group("text", "text?")].map(|told| told.len()),
        [0, 1, 1]
    );
    assert_eq!(told("login then login without (order where note != \"x\")"), one);
    assert_eq!(told("(login within 9 hours) then not (order where note != \"x\") within 3 hours"), one);
}

/// The lints told of one suppression.
#[track_caller]
fn suppressed(when: &str, more: &str) -> Vec<Option<Lint>> {
    told_of(&format!(
        "{more}\nprogram p {{ campaign c for everyone every {{ suppress when {when} because \"x\"\n\
         offer o {{ value 1 EUR  propensity 1%  treat email \"x\" }} }} }}"
    ))
}

#[test]
fn an_edge_that_blocks_wants_a_guard_for_its_kind_of_event() {
    let noon = "last(login).at_noon";
    for unguarded in [
        noon.to_owned(),
        format!("vip or {noon}"),
        format!("vip and not {noon}"),
        format!("any(order) and {noon}"),
        format!("any(login) or {noon}"),
        format!("none(login) and {noon}"),
        format!("count(login) < 3 and {noon}"),
        format!("not count(login) > 3 and {noon}"),
        format!("count(order) > 3 and {noon}"),
        format!("last(login) is missing and {noon}"),
        format!("last(order) is known and {noon}"),
        format!("at least 1 of (any(login), {noon})"),
        // A login is not yet one at noon.
        "any(login) and last(login where at_noon).at_noon".to_owned(),
        "any(login) and last(login within 3 hours).at_noon".to_owned(),
        "count(login) > 1 and last(login within 3 hours).at_noon".to_owned(),
    ] {
        assert_eq!(suppressed(&unguarded, ""), [Some(Lint::UnguardedEdge)], "{unguarded}");
        let more = format!("segment noon when {unguarded}");
        assert_eq!(suppressed("in segment noon", &more), [Some(Lint::UnguardedEdge)], "in a segment: {unguarded}");
    }
    for guarded in [
        format!("any(login) and {noon}"),
        format!("any(login) and (vip or {noon})"),
        format!("any(login within 3 hours) and {noon}"),
        format!("count(login) > 3 and {noon}"),
        format!("count(login) >= 1 and {noon}"),
        format!("count(login within 3 hours) >= 1 and {noon}"),
        format!("last(login) is known and {noon}"),
        format!("not (none(login) or {noon})"),
        "any(login within 3 hours) and last(login within 3 hours).at_noon".to_owned(),
        "any(login where at_noon) and last(login where at_noon).at_noon".to_owned(),
        "count(login within 3 hours) > 1 and last(login within 3 hours).at_noon".to_owned(),
        "last(login where at_noon) is known and last(login where at_noon).at_noon".to_owned(),
        "any(order where total > 3 EUR)".to_owned(),
        "last(login) is missing".to_owned(),
    ] {
        assert_eq!(suppressed(&guarded, ""), [], "{guarded}");
        let more = format!("segment noon when {guarded}");
        assert_eq!(suppressed("in segment noon", &more), [], "in a segment: {guarded}");
    }
    // A guard outside holds for what a segment asks, and a value is as open as what it is made of.
    let segment = "segment noon when last(login).at_noon";
    assert_eq!(suppressed("any(login) and in segment noon", segment), []);
    let value = "let gap in zone \"UTC\" = age + hour(last(login))";
    assert_eq!(suppressed("gap > 3", value), [Some(Lint::UnguardedEdge)]);
    // What asks nothing of these events is let alone.
    assert_eq!(suppressed("age > 3 and vip", ""), []);
}

#[test]
fn a_guard_is_put_before_what_stands_in_an_and_only() {
    let suggestion = |when: &str| {
        let text = format!(
            "ruleset shop {{ currency EUR }}\nprofile {{ person id  vip bool }}\nevent login {{ at_noon bool }}\nchannel email outbound needs consent email.marketing\n\
             program p {{ campaign c for everyone every {{ suppress when {when} because \"x\"\n\
             offer o {{ value 1 EUR  propensity 1%  treat email \"x\" }} }} }}\n"
        );
        let found = found(&text, Lints::new());
        assert_eq!(found.iter().map(|d| d.lint).collect::<Vec<_>>(), [Some(Lint::UnguardedEdge)], "{found}");
        found.iter().next().unwrap().suggestion.clone().map(|suggestion| suggestion.replacement)
    };
    let guard = Some("any(login) and ".to_owned());
    assert_eq!(suggestion("last(login).at_noon"), guard);
    assert_eq!(suggestion("vip and last(login).at_noon"), guard);
    assert_eq!(suggestion("vip or last(login).at_noon"), None);
    assert_eq!(suggestion("vip and not last(login).at_noon"), None);
    assert_eq!(suggestion("last(login where at_noon).at_noon"), None);
    assert_eq!(suggestion("last(login within 3 hours).at_noon"), None);
}

#[test]
fn what_is_fixed_decides_what_it_is_joined_with() {
    let always_false = |conditions: &[&str]| {
        let segments: Vec<String> = conditions
            .iter()
            .enumerate()
            .map(|(i, condition)| format!("segment s{i} when {condition}\nsegment asks{i} when in segment s{i}"))
            .collect();
        let found = told_of(&segments.join("\n"));
        found.iter().filter(|lint| **lint == Some(Lint::AlwaysFalse)).count()
    };
    // Nobody is in the segment, which is told where another asks for it.
    let nobody = [
        "false",
        "not true",
        "not in segment everyone",
        "vip and false",
        "not (vip or true)",
        "false or not true",
        "at least 1 of (false, not true)",
        "at least 2 of (vip, true, false) and false",
        "at least 2 of (vip, false, false)",
        "not at least 1 of (vip, true)",
        "any(order where false)",
        "all(order have false)",
        "all(order have total > 3 EUR and false)",
    ];
    assert_eq!(always_false(&nobody), nobody.len());
    let somebody = [
        "true",
        "not false",
        "in segment everyone",
        "vip and true",
        "vip or false",
        "at least 1 of (vip, false)",
        "at least 2 of (vip, true, false)",
        "none(order where false)",
        "any(order where true)",
        "all(order have total > 3 EUR)",
    ];
    assert_eq!(always_false(&somebody), 0);
}

#[test]
fn two_comments_of_one_scope_and_several_files() {
    // Of two alike the later counts.
    let both = commented("allow(number_equality)\n# nextbest: deny(number_equality)");
    let idle = Some(Lint::IdleComment);
    assert_eq!(told(&both, Lints::new()), (vec![idle, Some(Lint::NumberEquality), Some(Lint::NumberEquality)], true));
    // A comment speaks of its own file.
    let files = [
        ("one.nba", TWO.to_owned()),
        ("two.nba", "\n# nextbest: allow(number_equality) in this file\nsegment c when rating = 1.5\n".to_owned()),
    ];
    let rules = Ruleset::parse(&files).unwrap();
    let engine = rules.bind_records().unwrap();
    assert_eq!(engine.warnings().len(), 2, "{}", engine.warnings());
}

#[test]
fn a_channel_is_used_by_a_treatment_or_a_cap() {
    let told = |channels: &str| {
        let rules = format!(
            "ruleset shop {{ currency EUR }}\nprofile {{ person id }}\n{channels}\n\
             program p {{ campaign c for everyone every {{ offer o {{ value 1 EUR  propensity 1%  treat email \"x\" }} }} }}\n"
        );
        let found = found(&rules, Lints::new());
        found.iter().map(|d| found.sources().slice(d.span).unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(told("channel email outbound needs consent email.marketing"), [""; 0]);
    assert_eq!(
        told(
            "channel push outbound needs consent push.marketing\nchannel email outbound needs consent email.marketing\nchannel web inbound"
        ),
        ["push", "web"]
    );
    let capped = "channel push outbound needs consent push.marketing\nchannel email outbound needs consent email.marketing\nchannel web inbound\n\
        policy calm { cap marketing on push at most 2 in any 7 days }";
    assert_eq!(told(capped), ["web"]);
}

#[test]
fn what_is_said_of_one_value_is_held_together() {
    let zoned = |condition: &str| told_of(&format!("segment s in zone \"UTC\" when {condition}"));
    for contradiction in [
        "vip and not vip",
        "vip and vip = false",
        "age > 3 and age < 3",
        "age > 3 and 3 > age",
        "age between 3 and 5 and age in [6, 7]",
        "born is before 2026-01-01 and born is after 2025-12-31",
        "born is before 2026-01-01 and born is on 2026-01-01",
        "born is on or before 2026-01-01 and born is after 2026-01-01",
        "born is on or after 2026-01-02 and born is before 2026-01-02",
        "born is on 2026-01-01 and born is on 2026-01-02",
        "age(born) > 3 and age(born) < 3",
        "month(born) = 3 and month(born) = 4",
        "length(name) > 3 and length(name) < 3",
        "count(order) > 3 and count(order) < 3",
        "count(order within 3 days) > 3 and count(order within 3 days) < 3",
        "sum(order.total) > 3 EUR and sum(order.total) < 3 EUR",
        "count(days with order) > 3 and count(days with order) < 3",
        "last(order).total > 3 EUR and last(order).total < 3 EUR",
        "any(order where at > 2026-02-01T00:00:00Z and at < 2026-01-01T00:00:00Z)",
        "any(order where total > 3 EUR and total < 3 EUR)",
        "all(order have total > 3 EUR and total < 3 EUR)",
    ] {
        assert_eq!(zoned(contradiction), [Some(Lint::AlwaysFalse)], "{contradiction}");
    }
    for sense in [
        "vip and age > 3",
        "age > 3 and age < 5",
        "age > 3 and 3 < age",
        "born is on or before 2026-01-01 and born is on or after 2026-01-01",
        "born is before 2026-01-02 and born is after 2025-12-31",
        "age(born) > 3 and month(born) < 3",
        "year(born) > 2000 and month(born) < 3",
        "count(order) > 3 and count(login) < 3",
        "count(order) > 3 and count(order within 3 days) < 3",
        "count(order where total > 1 EUR) > 3 and count(order where total > 2 EUR) < 3",
        "count(order) > 3 and count(distinct order.total) < 3",
        "count(days with order) > 3 and count(weeks with order) < 3",
        "count(days with order) > 3 and count(days with login) < 3",
        "min(order.total) < 3 EUR and max(order.total) > 3 EUR",
        "last(order).total > 3 EUR and first(order).total < 3 EUR",
        "any(order where at > 2026-01-01T00:00:00Z and at < 2026-02-01T00:00:00Z)",
    ] {
        assert_eq!(zoned(sense), [], "{sense}");
    }
}

#[test]
fn what_no_value_can_be_is_told() {
    let zoned = |condition: &str| told_of(&format!("segment s in zone \"UTC\" when {condition}"));
    for outside in [
        "day(born) = 32",
        "day(born) = 0",
        "month(born) = 13",
        "month(born) < 1",
        "hour(joined) > 23",
        "age(born) < 0",
        "length(name) < 0",
        "count(order) < 0",
        "count(days with order) < 0",
        "day(born) <= 31",
        "month(born) >= 1",
        "hour(joined) <= 23",
        "count(order) >= 0",
        "32 = day(born)",
        "0 > count(order)",
        "0 <= count(order)",
        "any(order where length(customer.name) < 0)",
        "login then (order where length(customer.name) < 0)",
        "login then order without (login where length(customer.name) < 0)",
    ] {
        assert_eq!(zoned(outside), [Some(Lint::OutsideDomain)], "{outside}");
    }
    for inside in
        ["day(born) = 31", "day(born) = 1", "month(born) = 12", "hour(joined) > 22", "age(born) <= 0", "age < 0"]
    {
        assert_eq!(zoned(inside), [], "{inside}");
    }
    assert_eq!(zoned("vip or not vip"), [Some(Lint::AlwaysTrue)]);
    assert_eq!(zoned("vip = true or vip = false"), [Some(Lint::AlwaysTrue)]);
    // Of a band, too, but for one that takes all the rest.
    assert_eq!(told_of("score s on count(order) { 1 if < 0, else 0 }"), [Some(Lint::OutsideDomain)]);
    assert_eq!(
        told_of("score s on count(order where length(customer.name) < 0) { 1 if > 0, else 0 }"),
        [Some(Lint::OutsideDomain)]
    );
    assert_eq!(told_of("score s on count(order) { 1 if > 3, 2 if >= 0, else 0 }"), []);
    let ranking = "let fifth = quantile(age, 5)\nsegment s when";
    for outside in ["fifth = 6", "fifth = 0", "quantile(age, 5) > 5"] {
        assert_eq!(told_of(&format!("{ranking} {outside}")), [Some(Lint::OutsideDomain)], "{outside}");
    }
    assert_eq!(told_of(&format!("{ranking} fifth = 5")), []);
}

#[test]
fn a_cap_that_another_makes_idle_is_told() {
    let program = "program winback { campaign back for everyone every { offer gift { value 1 EUR propensity 5% treat email \"a\" \
                   treat web \"a\" } } }";
    let told = |caps: &str| {
        let text = format!(
            "ruleset shop {{ zone \"UTC\" currency EUR }}\nprofile {{ person id }}\n\
             channel email outbound needs consent email.marketing\nchannel web inbound\npolicy p {{ {caps} }}\n{program}"
        );
        told(&text, Lints::new()).0
    };
    for idle in [
        "cap marketing on email at most 2 in any 7 days cap marketing on email at most 2 in any 3 days",
        "cap marketing on any at most 2 in any 7 days cap marketing on email at most 2 in any 7 days",
        "cap marketing on any at most 2 in any 7 days cap offer on email at most 3 in any 1 week",
        "cap marketing on any at most 1 in any 32 days cap marketing on any at most 1 in any 1 month",
        "cap marketing on any at most 1 in any 7 days cap marketing on any at most 1 per calendar week",
        "cap marketing on any at most 1 per calendar week cap marketing on any at most 1 per calendar day",
        "cap marketing on any at most 1 per calendar year cap marketing on any at most 1 per calendar month",
        "cap marketing on web never cap marketing of gift on web at most 1 in any 1 day",
        "cap offer of winback on any never cap offer of gift on email never",
    ] {
        assert_eq!(told(idle), [Some(Lint::IdleCap)], "{idle}");
        let (first, second) = idle.rsplit_once(" cap ").unwrap();
        assert_eq!(told(&format!("cap {second} {first}")), [Some(Lint::IdleCap)], "{idle}, the other way round");
    }
    for sense in [
        "cap marketing on email at most 2 in any 7 days cap marketing on email at most 1 in any 3 days",
        "cap marketing on email at most 2 in any 7 days cap marketing on email at most 3 in any 8 days",
        "cap marketing on email at most 1 in any 7 days cap marketing on any at most 2 in any 7 days",
        "cap offer on any at most 2 in any 7 days cap message on any at most 3 in any 7 days",
        "cap marketing on any at most 1 in any 7 days cap marketing on web at most 1 in any 7 days",
        "cap marketing of gift on any at most 1 in any 7 days cap marketing on any at most 2 in any 7 days",
        "cap marketing on any at most 1 per calendar month cap marketing on any at most 1 per calendar week",
        "cap marketing on any at most 1 per calendar week cap marketing on any at most 1 in any 1 day",
        "cap marketing on any at most 1 in any 30 days cap marketing on any at most 1 in any 1 month",
        "cap marketing on any at most 1 per calendar day cap marketing on any at most 1 per calendar day in zone \"Asia/Tokyo\"",
    ] {
        assert_eq!(told(sense), [], "{sense}");
    }
}

#[test]
fn a_comment_inside_a_statement_is_about_the_next_line_only() {
    let two = "profile { person id  rating number? }\nsegment a when\n  # nextbest: allow(number_equality)\n  rating = 4.5\n  or rating = 5.5\n";
    let found = found(two, Lints::new());
    assert_eq!(found.len(), 1, "{found}");
    assert_eq!(found.sources().slice(found.iter().next().unwrap().span), Some("rating = 5.5"));
    // Before it, about all of its lines.
    let before = "profile { person id  rating number? }\n# nextbest: allow(number_equality)\nsegment a when\n  rating = 4.5\n  or rating = 5.5\n";
    assert_eq!(told(before, Lints::new()).0, []);
    // The last line of a file, and a statement right behind the comment.
    let last = "profile { person id  rating number? }\n# nextbest: allow(number_equality)\nsegment a when rating = 4.5";
    assert_eq!(told(last, Lints::new()).0, []);
    let after = format!("{last}\nsegment b when rating = 5.5");
    assert_eq!(told(&after, Lints::new()).0, [Some(Lint::NumberEquality)]);
}

#[test]
fn a_purpose_of_its_own_is_not_misspelt() {
    let told = |purpose: &str, when: &str| {
        let text = format!(
            "profile {{ person id  intent percent?  from third_party \"DMP\" for {purpose} }}\n\
             channel email outbound needs consent email.marketing\n\
             policy contact {{ cap marketing on email at most 1 in any 7 days }}\n\
             segment keen when intent > 50% and {when}\n"
        );
        told(&text, Lints::new()).0
    };
    for (purpose, when) in [
        ("marketing", "consent.sms.marketing is granted"),
        ("research", "consent.email.research is granted"),
        ("market_research", "consent.email.service is denied"),
    ] {
        assert_eq!(told(purpose, when), [], "{purpose}, {when}");
    }
    assert_eq!(told("marketin", "consent.web.Marketing is granted"), [Some(Lint::MisspeltPurpose); 2]);
}
