//! The parser that pest makes of `grammar.pest`; nothing of it leaves this room.

#[derive(pest_derive::Parser)]
#[grammar = "syntax/grammar.pest"]
pub(super) struct Grammar;

pub(super) type Pair<'i> = pest::iterators::Pair<'i, Rule>;
