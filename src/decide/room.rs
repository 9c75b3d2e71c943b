//! What a decision works with, and gives back for the next one: so that only what is decided is allocated.

use std::cell::{Cell, OnceCell};

use super::contacts::ContactsRoom;
use super::pipeline::Taken;
use super::rank::Ranked;
use crate::compile::Corners;

/// Emptied when it is used again.
pub(super) struct Room<P: 'static> {
    pub contacts: ContactsRoom,
    pub blocks: Vec<bool>,
    pub taken: Vec<Taken>,
    pub ranking: Vec<Ranked<'static, P>>,
    pub corners: Corners,
}

impl<P> Default for Room<P> {
    fn default() -> Self {
        let contacts = ContactsRoom::default();
        Room { contacts, blocks: Vec::new(), taken: Vec::new(), ranking: Vec::new(), corners: Corners::default() }
    }
}

/// The memory of a list for one of things that live for another time. The standard library turns a list into one of things
/// as large where it is.
pub(super) fn emptied<A, B>(mut list: Vec<A>) -> Vec<B> {
    list.clear();
    list.into_iter().filter_map(|_| None).collect()
}

/// Something found out once, in the memory of what was found out before.
pub(super) struct Once<T> {
    found: OnceCell<T>,
    spare: Cell<Option<T>>,
}

impl<T> Once<T> {
    pub fn new(spare: T) -> Self {
        Once { found: OnceCell::new(), spare: Cell::new(Some(spare)) }
    }

    /// What `find` has made of the spare one, at the first time of asking.
    pub fn get(&self, find: impl FnOnce(T) -> T) -> &T
    where
        T: Default,
    {
        self.found.get_or_init(|| find(self.spare.take().unwrap_or_default()))
    }

    /// The memory that is no longer needed.
    pub fn spare(&mut self) -> T
    where
        T: Default,
    {
        self.found.take().or(self.spare.take()).unwrap_or_default()
    }
}
