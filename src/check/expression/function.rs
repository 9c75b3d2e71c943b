//! Calls of the language's functions.

use super::Checker;
use super::outcome::{is_outcome, lone_outcome};
use crate::check::tree::{Expr, Kind, Part};
use crate::check::words;
use crate::check::world::suggest;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::leaf::version::Reading;
use crate::schema::{Signature, Type};
use crate::syntax::ast::{self, Name};
use crate::time::{Season, Weekday};

const FUNCTIONS: [&str; 17] = [
    "age",
    "bucket",
    "date",
    "day",
    "distance",
    "hour",
    "length",
    "lenient_version",
    "logistic",
    "month",
    "number",
    "point",
    "season",
    "time",
    "version",
    "weekday",
    "year",
];

/// Why rules could never call a function of the host.
pub(in crate::check) fn uncallable(host: &Signature) -> Option<String> {
    let name = host.name.as_str();
    let ours = FUNCTIONS.contains(&name) || super::standing::FUNCTIONS.contains(&name) || name == "anniversary";
    if ours {
        return Some("the language has a function of this name".to_owned());
    }
    if !crate::syntax::may_be_called(name) {
        return Some("a name is made of letters, digits and `_`, and is no word of the language".to_owned());
    }
    host.problem()
}

impl Checker<'_> {
    pub(super) fn call(&mut self, name: &Name, arguments: &[ast::Expr], span: Span) -> Option<Expr> {
        let function = name.node.as_str();
        if function == "bucket" {
            return self.fail(
                Diagnostic::error(Code::TypeMismatch, span, "a bucket is compared with a percentage")
                    .help("write `bucket(\"salt\") < 10%`"),
            );
        }
        if function == "anniversary" {
            return self.fail(
                Diagnostic::error(Code::UnknownName, name.span, "`anniversary` is not a function")
                    .label("`of` is missing after it")
                    .suggest(name.span, "anniversary of "),
            );
        }
        if super::standing::FUNCTIONS.contains(&function) {
            return self.standing(name, arguments, false, span);
        }
        if let Some(host) = self.host_function(function) {
            return self.host_call(host, name, arguments, span);
        }
        if is_outcome(function) {
            return self.fail(lone_outcome(name, arguments, span));
        }
        if !FUNCTIONS.contains(&function) {
            self.unknown_function(name);
            // What is wrong with the values is another mistake.
            arguments.iter().for_each(|argument| _ = self.value(argument, None));
            return None;
        }
        let pair = matches!(function, "distance" | "point");
        match arguments {
            [one] if !pair => self.call_of_one(function, one, span),
            [lat, lon] if function == "point" => self.point(lat, lon, span),
            [from, to] if pair => self.distance(from, to, span),
            _ => {
                let message = format!(
                    "`{function}` takes {} value{}",
                    if pair { "two" } else { "one" },
                    if pair { "s" } else { "" }
                );
                self.fail(
                    Diagnostic::error(Code::WrongArguments, span, message)
                        .label(match arguments.len() {
                            0 => "none is given".to_owned(),
                            1 => "one is given".to_owned(),
                            given => format!("{given} are given"),
                        })
                        .help(match function {
                            "point" => "write latitude and longitude: `point(48.8566, 2.3522)`".to_owned(),
                            "distance" => "write two points: `distance(home, work)`".to_owned(),
                            _ => format!("write `{function}(…)` with one value in the parentheses"),
                        }),
                )
            }
        }
    }

    fn unknown_function(&mut self, name: &Name) {
        let world = self.world;
        let hosts = world.shape.functions.iter().map(|function| function.name.as_str());
        let all: Vec<&str> = FUNCTIONS.iter().chain(&super::standing::FUNCTIONS).copied().chain(hosts).collect();
        let error = Diagnostic::error(Code::UnknownName, name.span, format!("there is no function `{}`", name.node))
            .label(format!("the functions are {}", words::names(all.iter().copied().filter(|name| *name != "bucket"))));
        self.out.push(suggest(error, name.span, &name.node, all));
    }

    fn call_of_one(&mut self, function: &str, argument: &ast::Expr, span: Span) -> Option<Expr> {
        match function {
            "version" => return self.version(Reading::Strict, argument, span),
            "lenient_version" => return self.version(Reading::Lenient, argument, span),
            _ => {}
        }
        let expected = (function == "logistic").then_some(&Type::Number);
        let of = self.value(argument, expected)?;
        let part = |part, ty| Some((Kind::Part { part, of: Box::new(of.clone()) }, ty));
        let made = match (function, &of.ty) {
            ("age", Type::Date) => Some((Kind::Age(Box::new(of.clone())), Type::Int)),
            ("number", Type::Int) => Some((Kind::ToNumber(Box::new(of.clone())), Type::Number)),
            ("logistic", Type::Number) => Some((Kind::Logistic(Box::new(of.clone())), Type::Number)),
            ("length", ty) if *ty == Type::Text || ty.is_collection() => {
                Some((Kind::Length(Box::new(of.clone())), Type::Int))
            }
            ("date", Type::Instant) => part(Part::Date, Type::Date),
            ("time", Type::Instant) => part(Part::Time, Type::Time),
            ("hour", Type::Instant) => part(Part::Hour, Type::Int),
            ("year", Type::Date | Type::Instant) => part(Part::Year, Type::Int),
            ("month", Type::Date | Type::Instant) => part(Part::Month, Type::Int),
            ("day", Type::Date | Type::Instant) => part(Part::Day, Type::Int),
            ("weekday", Type::Date | Type::Instant) => part(Part::Weekday, names(Weekday::ALL.map(Weekday::name))),
            ("season", Type::Date | Type::Instant) => part(Part::Season, names(Season::ALL.map(Season::name))),
            _ => None,
        };
        match made {
            Some((kind, ty)) => Some(Expr { kind, ty, span }),
            None => {
                let wanted = match function {
                    "age" => "a date",
                    "number" => "a whole number",
                    "logistic" => "a number",
                    "length" => "a text, a list or a map",
                    "date" | "time" | "hour" => "a moment",
                    _ => "a date or a moment",
                };
                let error = Diagnostic::error(Code::TypeMismatch, of.span, format!("`{function}` needs {wanted}"))
                    .label(words::this_is(&of.ty));
                self.fail(match (function, &of.ty) {
                    ("age", Type::Instant) => error.help("take the day of the moment: `age(date(…))`"),
                    ("logistic", Type::Int) => error.help("make a number of it: `logistic(number(…))`"),
                    ("age", Type::Int) => error.help("compare it directly, as in `age >= 18`"),
                    _ => error,
                })
            }
        }
    }
}

/// The type of values with names.
fn names<const N: usize>(names: [&str; N]) -> Type {
    Type::Enum(names.map(str::to_owned).into())
}
