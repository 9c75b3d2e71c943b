//! What maps may hold.

use std::sync::Arc;

use super::attributes::{category_type, category_word, in_currency};
use super::{Category, Currency, Money, Type};
use crate::leaf::{Cx, FloatAccess, ItemLeaves, Leaves, TextAccess, WordAccess};
use crate::time::{Date, Instant};

/// A type of values that a map may hold. Money is not among them, since it needs its currency: see `money_map`.
#[diagnostic::on_unimplemented(
    message = "rules cannot speak of maps of `{Self}`",
    note = "a map holds bool, i64, f64, String, Date, Instant or a `Category` enum; money needs `currency`"
)]
pub trait MapValue: Sized + 'static {
    /// Its type in rules.
    fn item_type() -> Type;

    /// What rules can ask of a value that `read` finds.
    #[doc(hidden)]
    fn leaves<R, F>(read: F) -> Leaves<R>
    where
        R: 'static,
        F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r Self> + Send + Sync + 'static;
}

macro_rules! words {
    ($($held:ty => $ty:expr, |$value:ident| $word:expr;)*) => {
        $(impl MapValue for $held {
            fn item_type() -> Type {
                $ty
            }

            fn leaves<R, F>(read: F) -> Leaves<R>
            where
                R: 'static,
                F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r Self> + Send + Sync + 'static,
            {
                let word = move |r: &R, cx: &Cx<'_>| read(r, cx).map(|$value| $word);
                Leaves::Word(Arc::new(WordAccess(Arc::new(word))))
            }
        })*
    };
}

words! {
    bool => Type::Bool, |value| i64::from(*value);
    i64 => Type::Int, |value| *value;
    Date => Type::Date, |value| value.days().into();
    Instant => Type::Instant, |value| value.millis();
}

impl<C: Category> MapValue for C {
    fn item_type() -> Type {
        category_type::<C>()
    }

    fn leaves<R, F>(read: F) -> Leaves<R>
    where
        R: 'static,
        F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r Self> + Send + Sync + 'static,
    {
        let word = move |r: &R, cx: &Cx<'_>| read(r, cx).map(category_word);
        Leaves::Word(Arc::new(WordAccess(Arc::new(word))))
    }
}

impl MapValue for f64 {
    fn item_type() -> Type {
        Type::Number
    }

    fn leaves<R, F>(read: F) -> Leaves<R>
    where
        R: 'static,
        F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r Self> + Send + Sync + 'static,
    {
        Leaves::Float(Arc::new(FloatAccess(Arc::new(move |r: &R, cx: &Cx<'_>| read(r, cx).copied()))))
    }
}

impl MapValue for String {
    fn item_type() -> Type {
        Type::Text
    }

    fn leaves<R, F>(read: F) -> Leaves<R>
    where
        R: 'static,
        F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r Self> + Send + Sync + 'static,
    {
        Leaves::Text(Arc::new(TextAccess::lending(move |r, cx| read(r, cx).map(String::as_str))))
    }
}

/// Leaves as the type of the values has them.
#[derive(Clone)]
pub struct ByType;

impl<V: MapValue> ItemLeaves<V> for ByType {
    fn leaves<R, F>(&self, read: F) -> Leaves<R>
    where
        R: 'static,
        F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r V> + Send + Sync + 'static,
    {
        V::leaves(read)
    }
}

/// Leaves of amounts in one currency.
#[derive(Clone)]
pub struct InCurrency(pub Currency);

impl ItemLeaves<Money> for InCurrency {
    fn leaves<R, F>(&self, read: F) -> Leaves<R>
    where
        R: 'static,
        F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r Money> + Send + Sync + 'static,
    {
        let currency = self.0;
        let word = move |r: &R, cx: &Cx<'_>| in_currency(read(r, cx).copied(), currency);
        Leaves::Word(Arc::new(WordAccess(Arc::new(word))))
    }
}
