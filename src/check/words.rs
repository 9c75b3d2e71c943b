//! Types in the words of whoever writes rules.

use crate::schema::Type;

/// More names of an enum, or of anything, than this are not listed in a message.
const LISTED: usize = 12;

/// `a whole number`, `an amount in EUR`: to stand after "this is".
pub(super) fn a(ty: &Type) -> String {
    match ty {
        Type::Bool => "a yes or no".to_owned(),
        Type::Int => "a whole number".to_owned(),
        Type::Number => "a number".to_owned(),
        Type::Percent => "a percentage".to_owned(),
        Type::Money(currency) => format!("an amount in {currency}"),
        Type::Text => "a text".to_owned(),
        Type::Enum(_) => "a choice from a list".to_owned(),
        Type::Date => "a date".to_owned(),
        Type::Instant => "a moment".to_owned(),
        Type::Time => "a time of day".to_owned(),
        Type::Duration => "an amount of time".to_owned(),
        Type::Version => "a version".to_owned(),
        Type::Point => "a point on the map".to_owned(),
        Type::Distance => "a distance".to_owned(),
        Type::Zone => "a time zone".to_owned(),
        Type::Texts => "a list of texts".to_owned(),
        Type::List(item) => match &**item {
            Type::Int => "a list of whole numbers".to_owned(),
            Type::Date => "a list of dates".to_owned(),
            _ => "a list of choices".to_owned(),
        },
        Type::Map(_) => "a map of values by key".to_owned(),
        Type::Bucket => "a bucket".to_owned(),
    }
}

/// `this is a whole number`; of an enum with its names.
pub(super) fn this_is(ty: &Type) -> String {
    match ty {
        Type::Enum(names) => format!("this is one of {}", texts(names)),
        other => format!("this is {}", a(other)),
    }
}

/// `"basic", "pro"`
pub(super) fn texts(names: &[String]) -> String {
    listed(names.iter().map(|name| format!("\"{name}\"")))
}

/// `` `total`, `category` ``
pub(super) fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    listed(names.into_iter().map(|name| format!("`{name}`")))
}

fn listed(names: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = names.collect();
    let more = all.len().saturating_sub(LISTED);
    if more > 0 {
        all.truncate(LISTED);
        all.push(format!("and {more} more"));
    }
    all.join(", ")
}
