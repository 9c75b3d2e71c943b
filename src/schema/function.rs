//! Functions that a host adds to the language.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use super::{Money, Type};
use crate::geo::Point;
use crate::leaf::{Call, Given};
use crate::time::{Date, Instant, TimeOfDay};

/// A value that a host's function is given, or gives.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Datum<'a> {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Number(f64),
    /// A share, where 0.2 is 20%.
    Percent(f64),
    /// Money, with its currency.
    Money(Money),
    /// Text.
    Text(&'a str),
    /// One of the names of an enum, by its number.
    Choice(usize),
    /// A calendar day.
    Date(Date),
    /// A moment.
    Instant(Instant),
    /// A time of day.
    Time(TimeOfDay),
    /// A point on the Earth.
    Point(Point),
    /// A length in metres.
    Distance(f64),
}

/// What rules need to know of a function.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Signature {
    /// Its name in rules.
    pub name: String,
    /// The types of the values that it takes.
    pub parameters: Vec<Type>,
    /// The type of the value that it gives.
    pub result: Type,
    /// What a call costs, in comparisons of a plain attribute.
    pub cost: u64,
}

type Run = dyn for<'a> Fn(&[Datum<'a>]) -> Option<Datum<'a>> + Send + Sync;

/// A function that rules may call by its name, beside those of the language.
///
/// It must be *pure*: equal values in, equal value out, at any time and on any thread; rules are evaluated in any order, once
/// or not at all. It is only called when all of its values are known, and a result that is not of the declared type (another
/// currency, a number that is not finite) is missing, as is `None`.
///
/// ```
/// use nextbest::{Datum, Function, Ruleset, Type};
///
/// let vowels = Function::new("vowels", [Type::Text], Type::Int, |given| match given {
///     [Datum::Text(text)] => Some(Datum::Int(text.chars().filter(|c| "aeiou".contains(*c)).count() as i64)),
///     _ => None,
/// });
/// let rules = Ruleset::parse(&[("rules.nba", r#"
///     profile { name text? }
///     segment melodious when vowels(name) >= 3
/// "#)])?;
/// let schema = rules.record_schema()?;
/// let engine = rules.bind_with(schema.schema().function(vowels.costing(40)))?;
/// let mut customer = schema.record();
/// customer.set("name", "aurelia")?;
/// let request = engine.request(nextbest::Instant::from_millis(0));
/// assert!(engine.evaluator().is_in(&customer, &request, engine.segment("melodious")?)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Function {
    signature: Signature,
    run: Arc<Run>,
}

impl Function {
    /// What a call costs unless said otherwise.
    const COST: u64 = 20;

    /// A function of a name and types: bool, int, number, percent, money, text, enum, date, instant, time, point or distance,
    /// six values at most. What is wrong with them is told when rules are bound.
    pub fn new(
        name: &str,
        parameters: impl Into<Vec<Type>>,
        result: Type,
        run: impl for<'a> Fn(&[Datum<'a>]) -> Option<Datum<'a>> + Send + Sync + 'static,
    ) -> Self {
        let signature = Signature { name: name.to_owned(), parameters: parameters.into(), result, cost: Self::COST };
        Function { signature, run: Arc::new(run) }
    }

    /// The same with a cost: what a call takes, in comparisons of a plain attribute.
    #[must_use]
    pub fn costing(mut self, cost: u32) -> Self {
        self.signature.cost = cost.into();
        self
    }

    /// Its name, types and cost.
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Its result, as rules see it.
    pub fn call<'a>(&self, given: &[Datum<'a>]) -> Option<Datum<'a>> {
        (self.run)(given).filter(|found| found.held(&self.signature.result).is_some())
    }

    /// The function between values as they are held.
    pub(super) fn held(self) -> Call {
        Arc::new(move |given| {
            let mut values = [Datum::Int(0); crate::leaf::MOST_ARGUMENTS];
            for ((place, given), ty) in values.iter_mut().zip(given).zip(&self.signature.parameters) {
                *place = Datum::of(*given, ty)?;
            }
            (self.run)(values.get(..given.len())?)?.held(&self.signature.result)
        })
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Function").field(&self.signature).finish()
    }
}

impl Signature {
    /// Why rules could never call it, in the words of whoever wrote it.
    pub(crate) fn problem(&self) -> Option<String> {
        let most = crate::leaf::MOST_ARGUMENTS;
        if self.parameters.len() > most {
            return Some(format!("a function takes {most} values at most"));
        }
        let odd = self.parameters.iter().chain([&self.result]).find(|ty| !passes(ty))?;
        Some(format!("a function neither takes nor gives a value of the type `{odd}`"))
    }
}

/// Whether values of a type can be given to a function.
fn passes(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Bool
            | Type::Int
            | Type::Number
            | Type::Percent
            | Type::Money(_)
            | Type::Text
            | Type::Enum(_)
            | Type::Date
            | Type::Instant
            | Type::Time
            | Type::Point
            | Type::Distance
    )
}

impl<'a> Datum<'a> {
    fn of(given: Given<'a>, ty: &Type) -> Option<Self> {
        Some(match (given, ty) {
            (Given::Word(word), Type::Bool) => Datum::Bool(word != 0),
            (Given::Word(word), Type::Int) => Datum::Int(word),
            (Given::Word(word), Type::Money(currency)) => Datum::Money(Money::new(word, *currency)),
            (Given::Word(word), Type::Date) => Datum::Date(Date::from_days(i32::try_from(word).ok()?)?),
            (Given::Word(word), Type::Instant) => Datum::Instant(Instant::from_millis(word)),
            (Given::Word(word), Type::Time) => Datum::Time(TimeOfDay::from_millis(u32::try_from(word).ok()?)?),
            (Given::Word(word), Type::Point) => Datum::Point(Point::of_word(word)),
            (Given::Word(word), Type::Enum(_)) => Datum::Choice(usize::try_from(word).ok()?),
            (Given::Float(float), Type::Number) => Datum::Number(float),
            (Given::Float(float), Type::Percent) => Datum::Percent(float),
            (Given::Float(float), Type::Distance) => Datum::Distance(float),
            (Given::Text(text), Type::Text) => Datum::Text(text),
            _ => return None,
        })
    }

    fn held(self, ty: &Type) -> Option<Given<'a>> {
        Some(match (self, ty) {
            (Datum::Bool(value), Type::Bool) => Given::Word(value.into()),
            (Datum::Int(value), Type::Int) => Given::Word(value),
            (Datum::Number(value), Type::Number)
            | (Datum::Percent(value), Type::Percent)
            | (Datum::Distance(value), Type::Distance)
                if value.is_finite() =>
            {
                Given::Float(value + 0.0)
            }
            (Datum::Money(money), Type::Money(currency)) if money.currency == *currency => Given::Word(money.minor),
            (Datum::Text(text), Type::Text) => Given::Text(text),
            (Datum::Date(date), Type::Date) => Given::Word(date.days().into()),
            (Datum::Instant(at), Type::Instant) => Given::Word(at.millis()),
            (Datum::Time(time), Type::Time) => Given::Word(time.millis().into()),
            (Datum::Point(point), Type::Point) => Given::Word(point.word()),
            (Datum::Choice(number), Type::Enum(names)) if number < names.len() => {
                Given::Word(i64::try_from(number).ok()?)
            }
            _ => return None,
        })
    }
}
