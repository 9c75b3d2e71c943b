//! Which rows each cell does not rule out.

/// So many rows are looked at together: as many as a line of the processor's memory has bits.
pub(super) const ROWS: usize = 512;

/// A bit for each of so many rows.
pub(super) type Block = [u64; ROWS / 64];

/// For each cell a bit for each row that it does not rule out.
pub(super) struct Bits {
    rows: usize,
    /// Blocks of one cell.
    blocks: usize,
    /// Cell by cell.
    all: Vec<Block>,
}

impl Bits {
    /// Bits for so many cells and rows, none of which is ruled out.
    pub fn new(cells: usize, rows: usize) -> Self {
        let blocks = rows.div_ceil(ROWS);
        Bits { rows, blocks, all: vec![[u64::MAX; ROWS / 64]; cells * blocks] }
    }

    /// Says that a cell rules out a row.
    pub fn rule_out(&mut self, cell: usize, row: usize) {
        let block = self.all.get_mut(cell * self.blocks + row / ROWS);
        if let Some(word) = block.and_then(|block| block.get_mut(row % ROWS / 64)) {
            *word &= !(1 << (row % 64));
        }
    }

    /// Blocks of one cell.
    pub fn blocks(&self) -> usize {
        self.blocks
    }

    /// The rows that a block has.
    #[inline]
    pub fn rows(&self, block: usize) -> Block {
        let mut rows = [u64::MAX; ROWS / 64];
        let there = self.rows.saturating_sub(block * ROWS);
        if there < ROWS {
            for (word, first) in rows.iter_mut().zip((0..).step_by(64)) {
                let there = there.saturating_sub(first);
                *word = if there < 64 { (1 << there) - 1 } else { u64::MAX };
            }
        }
        rows
    }

    /// The rows of a block that a cell does not rule out.
    #[inline]
    pub fn block(&self, cell: u32, block: usize) -> &Block {
        self.all.get(cell as usize * self.blocks + block).unwrap_or(&[0; ROWS / 64])
    }

    /// How many rows of a block a cell does not rule out.
    pub fn count(&self, cell: u32, block: usize) -> u32 {
        self.block(cell, block).iter().map(|word| word.count_ones()).sum()
    }

    /// The memory that it takes, in bytes.
    pub fn size(&self) -> usize {
        size_of_val(&*self.all)
    }
}
