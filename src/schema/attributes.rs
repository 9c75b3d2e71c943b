//! Describing attributes: a name, a type, an accessor.

use std::sync::Arc;

use super::types::Type;
use super::{Attribute, Category, Currency, Money};
use crate::leaf::version::{Reading, Version};
use crate::leaf::{Attributes, Cx, Leaves};
use crate::leaf::{FloatAccess, ItemLeaves, Keyed, ListAccess, MapAccess, TextAccess, WordAccess, WordsAccess};

/// Attributes of `R` being collected; the typed front is written once, by [`attribute_methods`].
pub(super) struct Fields<R> {
    pub shapes: Vec<Attribute>,
    pub leaves: Vec<Leaves<R>>,
}

impl<R: 'static> Fields<R> {
    pub fn new() -> Self {
        Fields { shapes: Vec::new(), leaves: Vec::new() }
    }

    fn add(&mut self, name: &str, ty: Type, leaves: Leaves<R>) {
        self.shapes.push(Attribute::new(name, ty));
        self.leaves.push(leaves);
    }

    pub fn word<F>(&mut self, name: &str, ty: Type, read: F)
    where
        F: Fn(&R, &Cx<'_>) -> Option<i64> + Send + Sync + 'static,
    {
        self.add(name, ty, Leaves::Word(Arc::new(WordAccess(Arc::new(read)))));
    }

    pub fn float<F>(&mut self, name: &str, ty: Type, read: F)
    where
        F: Fn(&R, &Cx<'_>) -> Option<f64> + Send + Sync + 'static,
    {
        self.add(name, ty, Leaves::Float(Arc::new(FloatAccess(Arc::new(read)))));
    }

    pub fn text<F>(&mut self, name: &str, ty: Type, read: F)
    where
        F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r str> + Send + Sync + 'static,
    {
        self.add(name, ty, Leaves::Text(Arc::new(TextAccess(Arc::new(read)))));
    }

    pub fn texts<F, S>(&mut self, name: &str, read: F)
    where
        F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r [S]> + Send + Sync + 'static,
        S: AsRef<str> + 'static,
    {
        self.add(name, Type::Texts, Leaves::List(Arc::new(ListAccess::new(read))));
    }

    pub fn words<F, W, S>(&mut self, name: &str, item: Type, read: F, word: W)
    where
        F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r [S]> + Send + Sync + 'static,
        W: Fn(&S) -> i64 + Copy + Send + Sync + 'static,
        S: 'static,
    {
        self.add(name, Type::List(item.into()), Leaves::Words(Arc::new(WordsAccess::new(read, word))));
    }

    pub fn map<F, M, L>(&mut self, name: &str, item: Type, read: F, items: L)
    where
        F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r M> + Send + Sync + 'static,
        M: Keyed,
        L: ItemLeaves<M::Item>,
    {
        self.add(name, Type::Map(item.into()), Leaves::Map(Arc::new(MapAccess::new(read, items))));
    }

    pub fn last(&mut self) -> Option<&mut Attribute> {
        self.shapes.last_mut()
    }

    pub fn attributes(self) -> (Vec<Attribute>, Attributes<R>) {
        (self.shapes, Attributes(self.leaves))
    }
}

pub(super) fn category_type<C: Category>() -> Type {
    Type::Enum(C::NAMES.iter().map(|&name| name.to_owned()).collect())
}

pub(super) fn category_word<C: Category>(category: &C) -> i64 {
    i64::try_from(category.index()).unwrap_or(i64::MAX)
}

/// A text, where it is a version by Semantic Versioning; any other is missing.
pub(super) fn version(text: &str) -> Option<&str> {
    Version::parse(text, Reading::Strict).map(|_| text)
}

pub(super) fn in_currency(money: Option<Money>, currency: Currency) -> Option<i64> {
    money.filter(|money| money.currency == currency).map(|money| money.minor)
}

/// The builder's methods, one a type, for accessors of the form `Fn($($arg),*) -> Option<T>` on `$row`.
/// `$lift` says how such an accessor is called from a row of the collected type and an evaluation.
macro_rules! attribute_methods {
    ($row:ty, $fields:ident, ($($arg:ty),*), |$read:ident, $r:ident, $cx:ident| $call:expr) => {
        /// True or false.
        #[must_use]
        pub fn bool(mut self, name: &str, $read: impl Fn($($arg),*) -> Option<bool> + Send + Sync + 'static) -> Self {
            self.$fields.word(name, Type::Bool, move |$r: &$row, $cx: &Cx<'_>| $call.map(i64::from));
            self
        }

        /// A whole number.
        #[must_use]
        pub fn int(mut self, name: &str, $read: impl Fn($($arg),*) -> Option<i64> + Send + Sync + 'static) -> Self {
            self.$fields.word(name, Type::Int, move |$r: &$row, $cx: &Cx<'_>| $call);
            self
        }

        /// A number; NaN is missing.
        #[must_use]
        pub fn number(mut self, name: &str, $read: impl Fn($($arg),*) -> Option<f64> + Send + Sync + 'static) -> Self {
            self.$fields.float(name, Type::Number, move |$r: &$row, $cx: &Cx<'_>| $call);
            self
        }

        /// A share, where 0.2 is 20%; NaN is missing.
        #[must_use]
        pub fn percent(mut self, name: &str, $read: impl Fn($($arg),*) -> Option<f64> + Send + Sync + 'static) -> Self {
            self.$fields.float(name, Type::Percent, move |$r: &$row, $cx: &Cx<'_>| $call);
            self
        }

        /// Money of one currency; an amount of another one is missing.
        #[must_use]
        pub fn money(
            mut self,
            name: &str,
            currency: Currency,
            $read: impl Fn($($arg),*) -> Option<Money> + Send + Sync + 'static,
        ) -> Self {
            let ty = Type::Money(currency);
            self.$fields.word(name, ty, move |$r: &$row, $cx: &Cx<'_>| in_currency($call, currency));
            self
        }

        /// One of the names of a [`Category`].
        #[must_use]
        pub fn category<C: Category>(
            mut self,
            name: &str,
            $read: impl Fn($($arg),*) -> Option<C> + Send + Sync + 'static,
        ) -> Self {
            self.$fields.word(name, category_type::<C>(), move |$r: &$row, $cx: &Cx<'_>| {
                $call.and_then(|category| i64::try_from(category.index()).ok())
            });
            self
        }

        /// One of some names that are known only at run time, by index; an index out of range matches no name.
        #[must_use]
        pub fn one_of(
            mut self,
            name: &str,
            names: &[&str],
            $read: impl Fn($($arg),*) -> Option<usize> + Send + Sync + 'static,
        ) -> Self {
            let ty = Type::Enum(names.iter().map(|&name| name.to_owned()).collect());
            self.$fields.word(name, ty, move |$r: &$row, $cx: &Cx<'_>| {
                $call.and_then(|index| i64::try_from(index).ok())
            });
            self
        }

        /// A calendar day.
        #[must_use]
        pub fn date(mut self, name: &str, $read: impl Fn($($arg),*) -> Option<Date> + Send + Sync + 'static) -> Self {
            self.$fields.word(name, Type::Date, move |$r: &$row, $cx: &Cx<'_>| $call.map(|day| day.days().into()));
            self
        }

        /// A moment.
        #[must_use]
        pub fn instant(
            mut self,
            name: &str,
            $read: impl Fn($($arg),*) -> Option<Instant> + Send + Sync + 'static,
        ) -> Self {
            self.$fields.word(name, Type::Instant, move |$r: &$row, $cx: &Cx<'_>| $call.map(|at| at.millis()));
            self
        }

        /// A time of day.
        #[must_use]
        pub fn time(
            mut self,
            name: &str,
            $read: impl Fn($($arg),*) -> Option<TimeOfDay> + Send + Sync + 'static,
        ) -> Self {
            self.$fields.word(name, Type::Time, move |$r: &$row, $cx: &Cx<'_>| $call.map(|time| time.millis().into()));
            self
        }

        /// A point on the Earth.
        #[must_use]
        pub fn point(mut self, name: &str, $read: impl Fn($($arg),*) -> Option<Point> + Send + Sync + 'static) -> Self {
            self.$fields.word(name, Type::Point, move |$r: &$row, $cx: &Cx<'_>| $call.map(Point::word));
            self
        }

        /// A length on the Earth, in metres; NaN is missing.
        #[must_use]
        pub fn distance(mut self, name: &str, $read: impl Fn($($arg),*) -> Option<f64> + Send + Sync + 'static) -> Self {
            self.$fields.float(name, Type::Distance, move |$r: &$row, $cx: &Cx<'_>| $call);
            self
        }

        /// Says that the last attribute is personal data: explanations hide its value unless asked to reveal it.
        #[must_use]
        pub fn pii(mut self) -> Self {
            if let Some(attribute) = self.$fields.last() {
                attribute.pii = true;
            }
            self
        }

        /// Says that the case of the last attribute, a text or a list of texts, never matters: every comparison ignores it.
        #[must_use]
        pub fn nocase(mut self) -> Self {
            if let Some(attribute) = self.$fields.last() {
                attribute.nocase = attribute.ty.is_textual();
            }
            self
        }

        /// Says that the last attribute is never missing.
        #[must_use]
        pub fn required(mut self) -> Self {
            if let Some(attribute) = self.$fields.last() {
                attribute.optional = false;
            }
            self
        }
    };
}
pub(super) use attribute_methods;

/// The builder's methods for lists of words and for maps, whose accessors lend what they read from a `$lent`, given `$more`.
macro_rules! collection_methods {
    ($lent:ty, $fields:ident, ($($more:ty)?), |$read:ident, $r:ident: $row:ty, $cx:ident| $call:expr) => {
        /// A list of whole numbers.
        #[must_use]
        pub fn ints<S: Copy + Into<i64> + 'static>(
            mut self,
            name: &str,
            $read: impl for<'r> Fn(&'r $lent $(, $more)?) -> Option<&'r [S]> + Send + Sync + 'static,
        ) -> Self {
            self.$fields.words(name, Type::Int, move |$r: &$row, $cx: &Cx<'_>| $call, |item: &S| (*item).into());
            self
        }

        /// A list of names of a [`Category`].
        #[must_use]
        pub fn categories<C: Category>(
            mut self,
            name: &str,
            $read: impl for<'r> Fn(&'r $lent $(, $more)?) -> Option<&'r [C]> + Send + Sync + 'static,
        ) -> Self {
            let word = crate::schema::attributes::category_word::<C>;
            self.$fields.words(name, category_type::<C>(), move |$r: &$row, $cx: &Cx<'_>| $call, word);
            self
        }

        /// A list of calendar days.
        #[must_use]
        pub fn dates(
            mut self,
            name: &str,
            $read: impl for<'r> Fn(&'r $lent $(, $more)?) -> Option<&'r [Date]> + Send + Sync + 'static,
        ) -> Self {
            self.$fields.words(name, Type::Date, move |$r: &$row, $cx: &Cx<'_>| $call, |day: &Date| day.days().into());
            self
        }

        /// Values by key: a `BTreeMap` or `HashMap`, or what else is [`Keyed`](crate::Keyed).
        #[must_use]
        pub fn map<M: crate::leaf::Keyed<Item: crate::schema::MapValue>>(
            mut self,
            name: &str,
            $read: impl for<'r> Fn(&'r $lent $(, $more)?) -> Option<&'r M> + Send + Sync + 'static,
        ) -> Self {
            let item = <M::Item as crate::schema::MapValue>::item_type();
            let items = crate::schema::map::ByType;
            self.$fields.map(name, item, move |$r: &$row, $cx: &Cx<'_>| $call, items);
            self
        }

        /// Amounts of one currency by key; an amount of another one is missing.
        #[must_use]
        pub fn money_map<M: crate::leaf::Keyed<Item = Money>>(
            mut self,
            name: &str,
            currency: Currency,
            $read: impl for<'r> Fn(&'r $lent $(, $more)?) -> Option<&'r M> + Send + Sync + 'static,
        ) -> Self {
            let items = crate::schema::map::InCurrency(currency);
            self.$fields.map(name, Type::Money(currency), move |$r: &$row, $cx: &Cx<'_>| $call, items);
            self
        }
    };
}
pub(super) use collection_methods;
