//! Plan → predicate for what only a customer has: histories, named definitions, consents, buckets.

use std::sync::Arc;

use crate::bucket::bucket;
use crate::leaf::fold::{Kind, Which};
use crate::leaf::getter::{Get, GetText, ReadText, Test};
use crate::leaf::plan::{Aggregate, Class, Counted, Index, Plan, Value};
use crate::leaf::program::{Consents, Id, consent_at, program};
use crate::leaf::scope::{Attributes, OnCustomer};
use crate::leaf::scratch::Found;
use crate::leaf::standing::{AskedId, key_of};
use crate::leaf::{Call, Cx};

/// What a customer type offers to build with.
pub(crate) struct Builder<'a, P> {
    pub attributes: &'a Attributes<P>,
    pub lists: &'a Attributes<P>,
    pub kinds: &'a [Box<dyn Kind<P>>],
    pub consents: Option<&'a Consents<P>>,
    pub id: Option<&'a Arc<Id<P>>>,
    /// The host's functions, by number.
    pub functions: &'a [Call],
    /// The shared aggregates, by number.
    pub aggregates: &'a [Aggregate],
    /// The indexes of rows, by number.
    pub indexes: &'a [Index],
}

pub(crate) fn test<P: 'static>(builder: &Builder<'_, P>, plan: &Plan) -> Test<P> {
    match plan {
        Plan::Count { source: Counted::Here(aggregate), low, high, want } => match builder.kinds.get(aggregate.kind) {
            Some(kind) => kind.count_in(builder, aggregate, *low, *high, *want),
            None => never(),
        },
        Plan::Count { source: Counted::Shared(id), low, high, want } => {
            let (id, low, high, want) = (*id, *low, *high, *want);
            Box::new(move |p, cx| {
                let Some(program) = program::<P>(cx) else { return false };
                count_in(program.aggregate(p, cx, id), low, high, want)
            })
        }
        Plan::Every { aggregate, want } => {
            let (id, want) = (*aggregate, i64::from(*want));
            Box::new(move |p, cx| program(cx).is_some_and(|program| program.aggregate(p, cx, id) == Found::Known(want)))
        }
        Plan::Named { condition, want } => {
            let (id, want) = (*condition, *want);
            Box::new(move |p, cx| program::<P>(cx).is_some_and(|program| program.condition(p, cx, id, want)))
        }
        Plan::Bucket { salts, threshold, want } => bucket_test(builder, salts, *threshold, *want),
        Plan::Consent { channel, purpose, granted, want } => {
            let Some(consents) = builder.consents.cloned() else { return constant(!*want) };
            let (channel, purpose) = (Arc::clone(channel), Arc::clone(purpose));
            let (granted, want) = (*granted, *want);
            Box::new(move |p, cx| (consent_at(consents(p), &channel, &purpose, cx.moment.now) == Some(granted)) == want)
        }
        // Everything else is built where it stands: see `super::test`.
        _ => super::test(&OnCustomer(builder), plan),
    }
}

fn never<P>() -> Test<P> {
    constant(false)
}

fn constant<P>(value: bool) -> Test<P> {
    Box::new(move |_, _| value)
}

/// Whether a count is definitely inside, or definitely outside, of `low ..= high`, as asked.
pub(crate) fn count_in(found: Found, low: i64, high: i64, want: bool) -> bool {
    match (found, want) {
        (Found::Missing, _) => false,
        (Found::Known(n), want) => (low <= n && n <= high) == want,
        (Found::AtLeast(n), true) => n >= low && high == i64::MAX,
        (Found::AtLeast(n), false) => n > high,
    }
}

/// A count as the interval that it is known to lie in.
pub(crate) fn count<P: 'static>(id: usize) -> Get<P, (i64, i64)> {
    Box::new(move |p, cx| match program(cx)?.aggregate(p, cx, id) {
        Found::Missing => None,
        Found::Known(n) => Some((n, n)),
        Found::AtLeast(n) => Some((n, i64::MAX)),
    })
}

fn bucket_test<P: 'static>(
    builder: &Builder<'_, P>,
    salts: &Arc<[Arc<str>]>,
    threshold: Option<u64>,
    want: bool,
) -> Test<P> {
    let Some(id) = builder.id.cloned() else { return never() };
    let salts = Arc::clone(salts);
    let inside = move |id: &str| {
        let mut parts = [""; MOST_SALTS];
        let used = salts.len().min(MOST_SALTS);
        parts.iter_mut().zip(salts.iter()).for_each(|(part, salt)| *part = salt);
        let salts = parts.get(..used).unwrap_or_default();
        threshold.is_none_or(|threshold| bucket(salts, id) < threshold) == want
    };
    // A customer without an id is in no bucket, and not outside of one either.
    Box::new(move |p, cx| with_id(&id, p, cx, |id| inside(id)).unwrap_or(false))
}

/// The most parts a salt may have.
const MOST_SALTS: usize = 4;

/// Hands the id, as text, to `work`.
pub(crate) fn with_id<P, T>(id: &Id<P>, p: &P, cx: &Cx<'_>, work: impl FnOnce(&str) -> T) -> Option<T> {
    match id {
        Id::Text(get) => get.read(p, cx).map(work),
        Id::Int(get) => get(p, cx).map(|id| work(&Digits::of(id))),
    }
}

/// The decimal text of an int, without allocating.
struct Digits {
    bytes: [u8; 20],
    start: usize,
}

impl Digits {
    fn of(value: i64) -> Self {
        let mut digits = Digits { bytes: [0; 20], start: 20 };
        let mut rest = value.unsigned_abs();
        loop {
            digits.push(b'0' + (rest % 10) as u8);
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if value < 0 {
            digits.push(b'-');
        }
        digits
    }

    fn push(&mut self, byte: u8) {
        self.start -= 1;
        if let Some(place) = self.bytes.get_mut(self.start) {
            *place = byte;
        }
    }
}

impl std::ops::Deref for Digits {
    type Target = str;

    fn deref(&self) -> &str {
        self.bytes.get(self.start..).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

/// A word that only a customer has.
pub(crate) fn word<P: 'static>(builder: &Builder<'_, P>, value: &Value) -> Get<P, i64> {
    match value {
        Value::Aggregate(id) => {
            let id = *id;
            Box::new(move |p, cx| known(program(cx)?.aggregate(p, cx, id)))
        }
        Value::Named(id) => {
            let id = *id;
            Box::new(move |p, cx| program::<P>(cx)?.value(p, cx, id))
        }
        Value::Edge { aggregate, property } => match kind_of(builder, *aggregate) {
            Some(kind) => {
                let (id, read) = (*aggregate, kind.word_at(*property));
                Box::new(move |p, cx| read(p, cx, row(program(cx)?.aggregate(p, cx, id))?))
            }
            None => Box::new(|_, _| None),
        },
        Value::Outer { slot, kind, property } => match builder.kinds.get(*kind) {
            Some(kind) => {
                let (slot, read) = (*slot, kind.word_at(*property));
                Box::new(move |p, cx| read(p, cx, cx.scratch.row_in(slot)))
            }
            None => Box::new(|_, _| None),
        },
        Value::Standing { standing, by, class } => {
            let (standing, key, id) = (*standing, key(builder, by, *class), builder.id.cloned());
            Box::new(move |p, cx| {
                let key = key(p, cx)?;
                cx.ranking(standing)?.score(key, || asked_id(id.as_deref()?, p, cx))
            })
        }
        _ => Box::new(|_, _| None),
    }
}

/// The key of what customers are ranked by.
pub(crate) fn key<P: 'static>(builder: &Builder<'_, P>, by: &Value, class: Class) -> Get<P, i64> {
    match class {
        Class::Float => {
            let float = super::float(&OnCustomer(builder), by);
            Box::new(move |p, cx| float(p, cx).map(key_of))
        }
        _ => super::word(&OnCustomer(builder), by),
    }
}

/// The id of a customer, by its own type.
pub(crate) fn asked_id<'c, P>(id: &'c Id<P>, p: &'c P, cx: &'c Cx<'_>) -> Option<AskedId<'c>> {
    match id {
        Id::Int(get) => get(p, cx).map(AskedId::Int),
        Id::Text(get) => get.read(p, cx).map(AskedId::Text),
    }
}

/// A float that only a customer has.
pub(crate) fn float<P: 'static>(builder: &Builder<'_, P>, value: &Value) -> Get<P, f64> {
    match value {
        Value::Aggregate(_) | Value::Named(_) => {
            let bits = word(builder, value);
            Box::new(move |p, cx| bits(p, cx).map(|bits| f64::from_bits(bits as u64)))
        }
        Value::Edge { aggregate, property: Some(property) } => match kind_of(builder, *aggregate) {
            Some(kind) => {
                let (id, read) = (*aggregate, kind.float_at(*property));
                Box::new(move |p, cx| read(p, cx, row(program(cx)?.aggregate(p, cx, id))?))
            }
            None => Box::new(|_, _| None),
        },
        Value::Outer { slot, kind, property: Some(property) } => match builder.kinds.get(*kind) {
            Some(kind) => {
                let (slot, read) = (*slot, kind.float_at(*property));
                Box::new(move |p, cx| read(p, cx, cx.scratch.row_in(slot)))
            }
            None => Box::new(|_, _| None),
        },
        Value::Standing { standing, by, class } => {
            let (standing, key) = (*standing, key(builder, by, *class));
            Box::new(move |p, cx| {
                let key = key(p, cx)?;
                cx.ranking(standing)?.share(key)
            })
        }
        _ => Box::new(|_, _| None),
    }
}

/// A text that only a customer has.
pub(crate) fn text<P: 'static>(builder: &Builder<'_, P>, value: &Value) -> GetText<P> {
    match value {
        Value::Edge { aggregate, property: Some(property) } => match kind_of(builder, *aggregate) {
            Some(kind) => kind.text_at(*property, Which::Found(*aggregate)),
            None => Box::new(crate::leaf::getter::NoText),
        },
        Value::Outer { slot, kind, property: Some(property) } => match builder.kinds.get(*kind) {
            Some(kind) => kind.text_at(*property, Which::Kept(*slot)),
            None => Box::new(crate::leaf::getter::NoText),
        },
        Value::Named(id) => Box::new(NamedText(*id)),
        _ => Box::new(crate::leaf::getter::NoText),
    }
}

struct NamedText(usize);

impl<P: 'static> ReadText<P> for NamedText {
    fn read<'r>(&'r self, p: &'r P, cx: &'r Cx<'_>) -> Option<&'r str> {
        program::<P>(cx)?.text(p, cx, self.0)
    }
}

fn kind_of<'a, P>(builder: &Builder<'a, P>, aggregate: usize) -> Option<&'a dyn Kind<P>> {
    builder.kinds.get(builder.aggregates.get(aggregate)?.kind).map(|kind| &**kind)
}

fn row(found: Found) -> Option<usize> {
    known(found).and_then(|row| usize::try_from(row).ok())
}

fn known(found: Found) -> Option<i64> {
    match found {
        Found::Known(word) => Some(word),
        Found::Missing | Found::AtLeast(_) => None,
    }
}
