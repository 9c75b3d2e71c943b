//! Where tests on rows stand.

use crate::leaf::Cx;

/// Stands on one row after another, and in the end where it stood before.
pub(crate) struct Stand<'c, 'a> {
    cx: &'c Cx<'a>,
    slot: Option<usize>,
    outer: (usize, usize),
}

impl<'c, 'a> Stand<'c, 'a> {
    #[inline]
    pub fn new(cx: &'c Cx<'a>, slot: Option<usize>) -> Self {
        let kept = slot.map_or(0, |slot| cx.scratch.row_in(slot));
        Stand { cx, slot, outer: (cx.row.get(), kept) }
    }

    /// Moves to a row.
    #[inline]
    pub fn on(&self, row: usize) {
        self.cx.row.set(row);
        if let Some(slot) = self.slot {
            self.cx.scratch.keep_row(slot, row);
        }
    }
}

impl Drop for Stand<'_, '_> {
    #[inline]
    fn drop(&mut self) {
        self.cx.row.set(self.outer.0);
        if let Some(slot) = self.slot {
            self.cx.scratch.keep_row(slot, self.outer.1);
        }
    }
}
