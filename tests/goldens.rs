//! What authors are told: for every code at least two realistic mistakes, each with the exact text of its messages.
//!
//! `tests/goldens/*.nba` are the mistakes, the `.txt` beside each is what must be said about it. A file whose name holds
//! `_typed` is bound to the customer type below, every other one to the records that it declares itself.
//!
//! `UPDATE_GOLDENS=1 cargo test --test goldens` writes the `.txt` files anew; read the difference before committing it.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use nextbest::diagnostic::{Code, Diagnostic, Diagnostics, Lint, Span};
use nextbest::{
    Currency, Event, EventSchema, Events, Function, Instant, Item, ItemSchema, Limits, Money, Profile, Ruleset, Schema,
    Type,
};

/// The host's type for files that are bound to one: no consents, no contacts, `age` an int, orders in EUR, a list of items that
/// may be missing, two functions.
struct Customer {
    id: String,
    age: Option<i64>,
    email: Option<String>,
    orders: Events<Order>,
    cart: Option<Vec<CartItem>>,
}

struct CartItem {
    sku: String,
}

struct Order {
    at: Instant,
    total: Money,
}

impl Profile for Customer {
    fn describe(schema: Schema<Self>) -> Schema<Self> {
        schema
            .id_text("id", |c| Some(&c.id))
            .int("age", |c| c.age)
            .text("email", |c| c.email.as_deref())
            .pii()
            .events("order", |c: &Customer| &c.orders)
            .items_if_known("cart", |c: &Customer| c.cart.as_ref())
            .function(Function::new("payday", [Type::Date, Type::Int], Type::Date, |_| None))
            .function(Function::new("surname", [Type::Text], Type::Text, |_| None))
    }
}

impl Item for CartItem {
    fn describe(schema: ItemSchema<Self>) -> ItemSchema<Self> {
        schema.text("sku", |item| Some(&item.sku))
    }
}

impl Event for Order {
    fn at(&self) -> Instant {
        self.at
    }

    fn describe(schema: EventSchema<Self>) -> EventSchema<Self> {
        schema.money("total", Currency::named("EUR").unwrap(), |order| Some(order.total))
    }
}

/// One golden file: its name without extension, and its text.
struct Golden {
    name: String,
    text: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens")
}

fn goldens() -> Vec<Golden> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "nba"));
    paths.sort();
    let read = |path: PathBuf| Golden {
        name: path.file_stem().unwrap().to_string_lossy().into_owned(),
        text: fs::read_to_string(path).unwrap(),
    };
    paths.into_iter().map(read).collect()
}

/// The customer type, for a file of a `badly_typed` host with functions that rules cannot call.
fn schema(name: &str) -> Schema<Customer> {
    let schema = Customer::describe(Schema::new());
    if !name.contains("_badly_typed") {
        return schema;
    }
    let odd = |name: &str, parameters: Vec<Type>| Function::new(name, parameters, Type::Int, |_| None);
    schema
        .function(odd("age", vec![Type::Date]))
        .function(odd("surname", vec![Type::Text]))
        .function(odd("two words", vec![]))
        .function(odd("where", vec![]))
        .function(odd("tags", vec![Type::Texts]))
        .function(odd("long", vec![Type::Int; 7]))
}

/// Everything that an author is told about a file.
fn diagnose(name: &str, text: &str) -> Diagnostics {
    let files = [(format!("{name}.nba"), text)];
    let warnings = match name.contains("_typed") {
        true => Ruleset::load_with(&files, schema(name), &Limits::default()).map(|engine| engine.warnings().clone()),
        false => Ruleset::load_records(&files).map(|engine| engine.warnings().clone()),
    };
    warnings.unwrap_or_else(|found| found)
}

fn code_of(name: &str) -> Code {
    let stated = name.split('_').next().unwrap().to_uppercase();
    *Code::ALL
        .iter()
        .find(|code| code.as_str() == stated)
        .unwrap_or_else(|| panic!("{name}: there is no code {stated}"))
}

#[test]
fn messages_are_as_agreed() {
    let update = std::env::var_os("UPDATE_GOLDENS").is_some();
    let mut wrong = Vec::new();
    for golden in goldens() {
        let told = diagnose(&golden.name, &golden.text).to_string();
        let path = folder().join(format!("{}.txt", golden.name));
        if update {
            fs::write(&path, &told).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != told {
            wrong.push(format!("---- {} now says:\n{told}", golden.name));
        }
    }
    assert!(wrong.is_empty(), "{}\n`UPDATE_GOLDENS=1 cargo test --test goldens` accepts this", wrong.join("\n"));
}

#[test]
fn every_code_has_two_examples() {
    let mut seen: BTreeMap<Code, usize> = Code::ALL.iter().map(|code| (*code, 0)).collect();
    for golden in goldens() {
        let code = code_of(&golden.name);
        let found = diagnose(&golden.name, &golden.text);
        assert!(found.iter().any(|diagnostic| diagnostic.code == code), "{} does not give {code}", golden.name);
        *seen.get_mut(&code).unwrap() += 1;
    }
    let rare: Vec<&Code> = seen.iter().filter(|(_, count)| **count < 2).map(|(code, _)| code).collect();
    assert!(rare.is_empty(), "too few examples of {rare:?}");
}

/// The page that lists every code: written from the goldens and `src/diagnostic/explain.md`, and never by hand.
fn page() -> String {
    let mut page = String::from(
        "# What the checker says\n\n\
        Every code, with an example, what is printed about it, the reason and the repair. Errors (without a name) forbid the \
        use of the rules. A warning is a lint with a name: a host sets its level with `Lints`, a file with a comment on a line \
        of its own, `# nextbest: allow(name)`, `warn(name)` or `deny(name)`: before a statement for that statement, inside a \
        statement for the next line, with `in this file` after it for the whole file. The nearest level counts, but what the \
        host denies no comment allows.\n\n\
        This page is written by `UPDATE_GOLDENS=1 cargo test --test goldens`.\n",
    );
    for code in Code::ALL {
        let prefix = code.as_str().to_lowercase();
        let example = goldens().into_iter().find(|golden| golden.name.starts_with(&prefix)).expect("an example");
        let lint = Lint::ALL.iter().find(|lint| lint.code() == *code);
        let level = match lint {
            Some(lint) => format!("lint `{lint}`, by default: {}", lint.default_level().name()),
            None => "error".to_owned(),
        };
        let told = diagnose(&example.name, &example.text).to_string().replace(&example.name, "example");
        page += &format!(
            "\n## {code}: {}\n\n{level}\n\n```rules\n{}\n```\n\n```text\n{}\n```\n\n{}\n",
            code.title(),
            example.text.trim_end(),
            told.trim_end(),
            code.explain()
        );
    }
    page
}

#[test]
fn the_page_of_all_codes_is_up_to_date() {
    for code in Code::ALL {
        let explained = code.explain();
        assert!(
            explained.contains("\nRepair: "),
            "write a section `## {code}` in src/diagnostic/explain.md: why, and `Repair: …`"
        );
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/diagnostics.md");
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        fs::write(&path, page()).unwrap();
    }
    let now = fs::read_to_string(&path).unwrap_or_default();
    assert!(now == page(), "`UPDATE_GOLDENS=1 cargo test --test goldens` writes docs/diagnostics.md anew");
}

/// A warning that has no lint could not be allowed; a lint without a warning would be a name for nothing.
#[test]
fn every_lint_is_met() {
    let told: Vec<Diagnostic> = goldens()
        .iter()
        .flat_map(|golden| diagnose(&golden.name, &golden.text).iter().cloned().collect::<Vec<_>>())
        .collect();
    for lint in Lint::ALL {
        assert!(told.iter().any(|diagnostic| diagnostic.lint == Some(*lint)), "no golden is warned of {lint}");
    }
}

fn bytes(span: Span) -> std::ops::Range<usize> {
    span.start as usize..span.end as usize
}

fn spans(diagnostic: &Diagnostic) -> impl Iterator<Item = Span> + '_ {
    let related = diagnostic.related.iter().map(|(span, _)| *span);
    let suggested = diagnostic.suggestion.iter().map(|suggestion| suggestion.span);
    std::iter::once(diagnostic.span).chain(related).chain(suggested)
}

#[test]
fn places_are_in_the_text() {
    for golden in goldens() {
        for diagnostic in &diagnose(&golden.name, &golden.text) {
            for span in spans(diagnostic) {
                // What is wrong with the program itself has no place in a file.
                if golden.name.contains("_badly_typed") && span == Span::NOWHERE {
                    continue;
                }
                assert_eq!(span.file, 0, "{}", golden.name);
                assert!(golden.text.get(bytes(span)).is_some(), "{}: {diagnostic:?}", golden.name);
            }
            let marked = &golden.text[bytes(diagnostic.span)];
            assert_eq!(marked.trim(), marked, "{}: blanks are marked", golden.name);
        }
    }
}

/// What is said, without places: a repair moves them.
fn said(found: &Diagnostics, errors_only: bool) -> Vec<(Code, String)> {
    found.iter().filter(|d| d.is_error() || !errors_only).map(|d| (d.code, d.message.clone())).collect()
}

#[test]
fn suggestions_mend_what_they_are_about_and_break_nothing() {
    let mut tried = 0;
    for golden in goldens() {
        let before = diagnose(&golden.name, &golden.text);
        for diagnostic in &before {
            let Some(suggestion) = &diagnostic.suggestion else { continue };
            tried += 1;
            let mut mended = golden.text.clone();
            mended.replace_range(bytes(suggestion.span), &suggestion.replacement);
            let after = diagnose(&golden.name, &mended);
            let this = (diagnostic.code, diagnostic.message.clone());
            let count = |found: &Diagnostics| said(found, false).iter().filter(|one| **one == this).count();
            assert!(count(&after) < count(&before), "{}: after the repair\n{mended}\nstill\n{after}", golden.name);
            // Once a mistake is mended there may be something to warn of, but no other mistake.
            let mut allowed = said(&before, true);
            for error in said(&after, true) {
                let Some(place) = allowed.iter().position(|one| *one == error) else {
                    panic!("{}: after the repair\n{mended}\nthis is new:\n{after}", golden.name);
                };
                allowed.remove(place);
            }
        }
    }
    assert!(tried > 50, "only {tried} suggestions");
}

/// Words that mean something to programmers only.
#[test]
fn messages_are_in_plain_words() {
    const JARGON: &[&str] = &[
        "token",
        "expression",
        "identifier",
        "parse",
        "syntax",
        "literal",
        "operand",
        "invalid",
        "unexpected",
        "eof",
        "enum(",
        "null pointer",
        "lexer",
        "grammar",
        "ast",
        "int",
        "bool",
        "instant",
        "string",
        "boolean",
    ];
    for golden in goldens() {
        for diagnostic in &diagnose(&golden.name, &golden.text) {
            let related = diagnostic.related.iter().map(|(_, label)| label.as_str());
            let help = diagnostic.help.as_deref().unwrap_or_default();
            let all = [diagnostic.message.as_str(), &diagnostic.label, help];
            for said in all.into_iter().chain(related) {
                // What stands in quotes is the author's or the language's.
                let own: String = said.split('`').step_by(2).collect();
                let own = own.split('"').step_by(2).collect::<String>().to_lowercase();
                for word in own.split(|c: char| !c.is_alphanumeric()) {
                    assert!(!JARGON.contains(&word), "{}: `{word}` in: {said}", golden.name);
                }
            }
            assert!(!diagnostic.message.ends_with('.') && !diagnostic.message.is_empty());
            assert_ne!(diagnostic.message, diagnostic.label, "{}: the label repeats the message", golden.name);
        }
    }
}

/// One line each, so that the place tells which mistake was found.
const TEN_TO_READ: &str = r#"
profile { person id  age int?  city text?  country text? }
event order { total money EUR }
segment a when age == 18
segment b when city = 'Paris'
segment c when any(order within 30)
segment d when any(order last 3 days)
segment e when city is null
segment f when age > 18 and city = "x" or age < 3
segment g when 1 < age < 3
segment h age > 18
segmnt i when age > 18
segment j when (age > 18
"#;

const TEN_TO_BIND: &str = r#"
profile { person id  age int?  city text?  country text?  plan enum(basic, pro)?  clv money EUR? }
event order { total money EUR }
segment a when agee > 18
segment b when age > "18"
segment c when plan = "por"
segment d when any(ordr)
segment e when any(order where totl > 3 EUR)
segment f when clv > 3 USD
segment g when city
segment h when in segment z
segment i when age between 9 and 3
segment j when city contains ""
"#;

#[test]
fn ten_mistakes_are_told_at_once_each_once() {
    for text in [TEN_TO_READ, TEN_TO_BIND] {
        let found = diagnose("ten", text);
        let lines: Vec<usize> = found.iter().map(|d| found.sources().position(d.span).unwrap().line).collect();
        assert_eq!(lines, (4..14).collect::<Vec<usize>>(), "{found}");
        assert!(found.iter().all(Diagnostic::is_error));
    }
}

/// What is broken in one place makes no noise in the places that refer to it.
#[test]
fn a_mistake_has_no_echo() {
    let text = r#"
ruleset shop { currency EUR }
profile { person id  clv money EURO?  age int? }
event order { total money EURO }
channel email outbound needs consent email.marketing
let spent = sum(order.total)
let twice = spent + clv
let half = agee / 2
segment rich when twice > 10 EUR and clv > 3 EUR and spent > 4 EUR
segment old when half > 3 and in segment rich and not in segment old_and_rich
segment old_and_rich when in segment rich
program winback {
  campaign back for old { offer gift { value 10% of clv  propensity 5%  treat email "x" } }
}
"#;
    let found = diagnose("echo", text);
    let lines: Vec<usize> = found.iter().map(|d| found.sources().position(d.span).unwrap().line).collect();
    assert_eq!(lines, [3, 4, 8], "{found}");
}
