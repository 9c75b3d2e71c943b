//! Sets of values of one thing, as ranges of whole numbers.

/// Ranges with both ends included: ascending, apart from each other, never adjacent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Region(Vec<(i64, i64)>);

impl Region {
    pub const NONE: Region = Region(Vec::new());

    pub fn all() -> Self {
        Self::range(i64::MIN, i64::MAX)
    }

    pub fn range(low: i64, high: i64) -> Self {
        Region(if low <= high { vec![(low, high)] } else { Vec::new() })
    }

    pub fn point(value: i64) -> Self {
        Self::range(value, value)
    }

    pub fn points(values: impl IntoIterator<Item = i64>) -> Self {
        values.into_iter().map(Self::point).fold(Self::NONE, |all, one| all.or(&one))
    }

    /// What is less than a value.
    pub fn below(value: i64) -> Self {
        value.checked_sub(1).map_or(Self::NONE, |high| Self::range(i64::MIN, high))
    }

    /// What is greater than a value.
    pub fn above(value: i64) -> Self {
        value.checked_add(1).map_or(Self::NONE, |low| Self::range(low, i64::MAX))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values between which the region lies.
    pub fn ends(&self) -> Option<(i64, i64)> {
        Some((self.0.first()?.0, self.0.last()?.1))
    }

    pub fn not(&self) -> Self {
        let mut gaps = Vec::new();
        let mut from = Some(i64::MIN);
        for &(low, high) in &self.0 {
            if let (Some(from), Some(until)) = (from, low.checked_sub(1))
                && from <= until
            {
                gaps.push((from, until));
            }
            from = high.checked_add(1);
        }
        gaps.extend(from.map(|from| (from, i64::MAX)));
        Region(gaps)
    }

    pub fn or(&self, other: &Self) -> Self {
        let mut ranges: Vec<(i64, i64)> = self.0.iter().chain(&other.0).copied().collect();
        ranges.sort_unstable();
        let mut joined: Vec<(i64, i64)> = Vec::with_capacity(ranges.len());
        for (low, high) in ranges {
            match joined.last_mut() {
                Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
                _ => joined.push((low, high)),
            }
        }
        Region(joined)
    }

    pub fn and(&self, other: &Self) -> Self {
        self.not().or(&other.not()).not()
    }

    /// Single values that are left out between two ranges.
    pub fn pinholes(&self) -> impl Iterator<Item = i64> {
        let pairs = self.0.iter().zip(self.0.iter().skip(1));
        pairs.filter(|(one, next)| one.1.checked_add(2) == Some(next.0)).map(|(one, _)| one.1.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_small_numbers_are_as_by_hand() {
        let has = |region: &Region, value: i64| region.0.iter().any(|(low, high)| (*low..=*high).contains(&value));
        let some = [
            Region::NONE,
            Region::all(),
            Region::below(3),
            Region::above(3),
            Region::point(3),
            Region::points([1, 2, 5]),
            Region::range(2, 4).or(&Region::point(7)),
            Region::below(i64::MIN),
            Region::above(i64::MAX),
            Region::range(i64::MIN, 0).or(&Region::range(6, i64::MAX)),
        ];
        for a in &some {
            assert_eq!(a.not().not(), *a);
            for b in &some {
                for value in (-1..10).chain([i64::MIN, i64::MAX]) {
                    assert_eq!(has(&a.and(b), value), has(a, value) && has(b, value));
                    assert_eq!(has(&a.or(b), value), has(a, value) || has(b, value));
                    assert_eq!(has(&a.not(), value), !has(a, value));
                }
            }
        }
        assert_eq!(Region::below(3).or(&Region::above(3)).pinholes().collect::<Vec<_>>(), [3]);
        assert_eq!(Region::below(3).or(&Region::above(4)).pinholes().count(), 0);
        assert_eq!(Region::points([5, 1]).ends(), Some((1, 5)));
    }
}
