//! The rows of a history by a key: what a clause that asks for equal values of two events looks them up in.

/// Groups of row numbers, each group of one key. Built anew for each customer in memory that is kept.
#[derive(Debug, Default)]
pub(crate) struct Index {
    stamp: Option<u64>,
    /// Key and row, in the order of the rows.
    entries: Vec<(i64, usize)>,
    /// Open addressing: a power of two of places, never more than half of them taken.
    table: Vec<Group>,
    /// The rows of one group after those of another, each group in the order of the rows.
    rows: Vec<usize>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Group {
    key: i64,
    /// How many rows; a place without any is free.
    len: usize,
    /// Behind its last row.
    end: usize,
}

impl Index {
    /// Whether it was built for what `stamp` stands for.
    pub fn is_of(&self, stamp: u64) -> bool {
        self.stamp == Some(stamp)
    }

    /// Builds it of the keys and rows that `each` hands out, oldest row first.
    pub fn build(&mut self, stamp: u64, each: impl FnOnce(&mut dyn FnMut(i64, usize))) {
        self.stamp = Some(stamp);
        self.entries.clear();
        let entries = &mut self.entries;
        each(&mut |key, row| entries.push((key, row)));
        let places = self.entries.len().saturating_mul(2).next_power_of_two();
        self.table.clear();
        self.table.resize(places, Group::default());
        for &(key, _) in &self.entries {
            if let Some(group) = place(&self.table, key).and_then(|at| self.table.get_mut(at)) {
                group.key = key;
                group.len += 1;
            }
        }
        let mut start = 0;
        for group in self.table.iter_mut().filter(|group| group.len > 0) {
            group.end = start;
            start += group.len;
        }
        self.rows.clear();
        self.rows.resize(self.entries.len(), 0);
        for &(key, row) in &self.entries {
            let Some(group) = place(&self.table, key).and_then(|at| self.table.get_mut(at)) else { continue };
            if let Some(slot) = self.rows.get_mut(group.end) {
                *slot = row;
            }
            group.end += 1;
        }
    }

    /// The rows with a key, in their order.
    pub fn rows(&self, key: i64) -> &[usize] {
        let group = place(&self.table, key).and_then(|at| self.table.get(at));
        group.and_then(|group| self.rows.get(group.end - group.len..group.end)).unwrap_or_default()
    }
}

/// The place of a key, or the free one where it belongs.
fn place(table: &[Group], key: i64) -> Option<usize> {
    let mask = table.len().checked_sub(1)?;
    let mut at = (mix(0, key) >> 32) as usize & mask;
    // Half of the places are free, so this ends.
    loop {
        let group = table.get(at)?;
        if group.len == 0 || group.key == key {
            return Some(at);
        }
        at = (at + 1) & mask;
    }
}

/// One more word in a hash.
pub(crate) fn mix(hash: u64, word: i64) -> u64 {
    (hash.rotate_left(29) ^ word.cast_unsigned()).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// A text in a hash.
pub(crate) fn mix_text(hash: u64, text: &str) -> u64 {
    let (words, rest) = text.as_bytes().as_chunks();
    let sum = words.iter().fold(hash, |hash, word| mix(hash, i64::from_be_bytes(*word)));
    let sum = mix(sum, rest.iter().fold(0, |word, &byte| word << 8 | i64::from(byte)));
    mix(sum, i64::try_from(text.len()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::Index;

    #[test]
    fn each_key_has_its_rows_in_order() {
        let mut index = Index::default();
        assert!(index.rows(0).is_empty());
        for n in [0usize, 1, 2, 3, 7, 64, 1000] {
            let key = |row: usize| (row as i64 * 7919 % 13) - 6;
            index.build(n as u64, |entry| (0..n).for_each(|row| entry(key(row), row)));
            assert!(index.is_of(n as u64) && !index.is_of(n as u64 + 1));
            for wanted in -8..9 {
                let scan: Vec<usize> = (0..n).filter(|&row| key(row) == wanted).collect();
                assert_eq!(index.rows(wanted), scan, "{wanted} of {n}");
            }
        }
    }
}
