//! Where an event stands among all events of a customer.

/// The order of all events of a customer: by instant, by sequence, by the order of the kinds, by row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub at: i64,
    pub sequence: u64,
    pub kind: usize,
    pub row: usize,
}
