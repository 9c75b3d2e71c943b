//! Leaves over maps: those of one key are like those of an attribute.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;
use std::sync::Arc;

use super::form::MapForm;
use super::getter::and;
use super::{Cx, Get, Leaves, Next, Test};

/// Values by key: implement it for a map of your own.
pub trait Keyed: 'static {
    /// What the keys stand for.
    type Item: 'static;
    /// The value of a key.
    fn item(&self, key: &str) -> Option<&Self::Item>;
    /// How many keys there are.
    fn count(&self) -> usize;
}

impl<K: Borrow<str> + Ord + 'static, V: 'static> Keyed for BTreeMap<K, V> {
    type Item = V;

    fn item(&self, key: &str) -> Option<&V> {
        self.get(key)
    }

    fn count(&self) -> usize {
        self.len()
    }
}

impl<K: Borrow<str> + Eq + Hash + 'static, V: 'static, S: BuildHasher + 'static> Keyed for HashMap<K, V, S> {
    type Item = V;

    fn item(&self, key: &str) -> Option<&V> {
        self.get(key)
    }

    fn count(&self) -> usize {
        self.len()
    }
}

/// Makes leaves of an accessor of values of `V`.
pub trait ItemLeaves<V>: Clone + Send + Sync + 'static {
    /// The leaves.
    fn leaves<R, F>(&self, read: F) -> Leaves<R>
    where
        R: 'static,
        F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r V> + Send + Sync + 'static;
}

/// What can be built from an accessor of maps whose type is known only here.
pub trait MapLeaves<R>: Send + Sync {
    /// A predicate, and what follows it.
    fn test(&self, form: &MapForm, next: Next<R>) -> Test<R>;
    /// How many entries there are.
    fn len(&self) -> Get<R, i64>;
    /// The leaves of one key's values.
    fn at(&self, key: &str) -> Leaves<R>;
}

/// An accessor of maps of type `M`.
pub struct MapAccess<F, M, L> {
    read: Arc<F>,
    items: L,
    map: PhantomData<fn() -> M>,
}

impl<F, M, L> MapAccess<F, M, L> {
    /// Wraps an accessor.
    pub fn new(read: F, items: L) -> Self {
        MapAccess { read: Arc::new(read), items, map: PhantomData }
    }
}

impl<R: 'static, F, M, L> MapLeaves<R> for MapAccess<F, M, L>
where
    F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r M> + Send + Sync + 'static,
    M: Keyed,
    L: ItemLeaves<M::Item>,
{
    fn test(&self, form: &MapForm, next: Next<R>) -> Test<R> {
        let read = Arc::clone(&self.read);
        let test: Test<R> = match *form {
            MapForm::Empty { want } => Box::new(move |r, cx| read(r, cx).is_some_and(|map| (map.count() == 0) == want)),
            MapForm::Present { known } => Box::new(move |r, cx| read(r, cx).is_some() == known),
        };
        and(test, next)
    }

    fn len(&self) -> Get<R, i64> {
        let read = Arc::clone(&self.read);
        Box::new(move |r, cx| i64::try_from(read(r, cx)?.count()).ok())
    }

    fn at(&self, key: &str) -> Leaves<R> {
        let (read, key) = (Arc::clone(&self.read), key.to_owned());
        self.items.leaves(move |r, cx| read(r, cx)?.item(&key))
    }
}
