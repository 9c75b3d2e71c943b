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
    /// Cell by cell a bit for each block in which it does not rule out all rows, in so many words.
    summary: Vec<u64>,
    summed: usize,
    /// The rows of which cells leave nothing to be tested.
    settled: Vec<Block>,
}

impl Bits {
    /// Bits for so many cells and rows, none of which is ruled out.
    pub fn new(cells: usize, rows: usize) -> Self {
        let blocks = rows.div_ceil(ROWS);
        let all = vec![[u64::MAX; ROWS / 64]; cells * blocks];
        Bits {
            rows,
            blocks,
            all,
            summary: Vec::new(),
            summed: blocks.div_ceil(64),
            settled: vec![[0; ROWS / 64]; blocks],
        }
    }

    /// Says that a cell rules out a row.
    pub fn rule_out(&mut self, cell: usize, row: usize) {
        let block = self.all.get_mut(cell * self.blocks + row / ROWS);
        if let Some(word) = block.and_then(|block| block.get_mut(row % ROWS / 64)) {
            *word &= !(1 << (row % 64));
        }
    }

    /// Sums up, once all has been ruled out that is.
    pub fn sum_up(&mut self) {
        let any = |block: &Block| u64::from(block.iter().any(|&word| word != 0));
        let cells = self.all.chunks(self.blocks.max(1));
        let words = cells.flat_map(|blocks| blocks.chunks(64));
        self.summary =
            words.map(|blocks| (0..).zip(blocks).fold(0, |sum, (at, block)| sum | any(block) << at)).collect();
    }

    /// How many times 64 blocks there are.
    pub fn summed(&self) -> usize {
        self.summed
    }

    /// The blocks, of 64, in which a cell does not rule out all rows.
    #[inline]
    pub fn summary(&self, cell: u32, word: usize) -> u64 {
        self.summary.get(cell as usize * self.summed + word).copied().unwrap_or_default()
    }

    /// Says that cells leave nothing of a row to be tested.
    pub fn settle(&mut self, row: usize) {
        let word = self.settled.get_mut(row / ROWS).and_then(|block| block.get_mut(row % ROWS / 64));
        word.into_iter().for_each(|word| *word |= 1 << (row % 64));
    }

    /// The rows of a block of which cells leave nothing to be tested.
    #[inline]
    pub fn settled(&self, block: usize) -> &Block {
        self.settled.get(block).unwrap_or(&[0; ROWS / 64])
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
        size_of_val(&*self.all) + size_of_val(&*self.summary) + size_of_val(&*self.settled)
    }
}
