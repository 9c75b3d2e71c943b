//! Conditions as a tree whose leaves are text, so that they can be rewritten without changing their meaning.

use std::fmt;

use super::Rng;

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Text that binds at least as tightly as a comparison.
    Leaf(String),
    Not(Box<Condition>),
    And(Vec<Condition>),
    Or(Vec<Condition>),
    AtLeast(usize, Vec<Condition>),
}

use Condition::{And, AtLeast, Leaf, Not, Or};

impl Condition {
    pub fn negated(self) -> Self {
        Not(Box::new(self))
    }

    /// `f` on everything inside first, then on the whole.
    pub fn rewritten(&self, f: &mut impl FnMut(Condition) -> Condition) -> Condition {
        let mut each = |of: &[Condition]| of.iter().map(|one| one.rewritten(f)).collect::<Vec<_>>();
        let inside = match self {
            Leaf(text) => Leaf(text.clone()),
            Not(of) => Not(Box::new(of.rewritten(f))),
            And(of) => And(each(of)),
            Or(of) => Or(each(of)),
            AtLeast(count, of) => AtLeast(*count, each(of)),
        };
        f(inside)
    }

    /// `a and b` as `not (not a or not b)`, and the other way round; *at least k of n* as *not at least n − k + 1 not*.
    pub fn by_de_morgan(&self) -> Condition {
        let negated = |of: Vec<Condition>| of.into_iter().map(Condition::negated).collect::<Vec<_>>();
        self.rewritten(&mut |condition| match condition {
            And(of) => Or(negated(of)).negated(),
            Or(of) => And(negated(of)).negated(),
            AtLeast(count, of) => AtLeast(of.len() + 1 - count, negated(of)).negated(),
            other => other,
        })
    }

    /// The operands of everything commutative in another order.
    pub fn reordered(&self, rng: &mut Rng) -> Condition {
        self.rewritten(&mut |mut condition| {
            if let And(of) | Or(of) | AtLeast(_, of) = &mut condition {
                rng.shuffle(of);
            }
            condition
        })
    }

    /// Every part negated twice.
    pub fn doubly_negated(&self) -> Condition {
        self.rewritten(&mut |condition| match condition {
            Not(of) => Not(of),
            other => other.negated().negated(),
        })
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Leaf(text) => f.write_str(text),
            Not(of) => write!(f, "not {}", Operand(of)),
            And(of) => joined(f, of, " and "),
            Or(of) => joined(f, of, " or "),
            AtLeast(count, of) => {
                let operands: Vec<String> = of.iter().map(Condition::to_string).collect();
                write!(f, "at least {count} of ({})", operands.join(", "))
            }
        }
    }
}

/// In parentheses where it would be read differently without.
struct Operand<'a>(&'a Condition);

impl fmt::Display for Operand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            And(_) | Or(_) => write!(f, "({})", self.0),
            other => write!(f, "{other}"),
        }
    }
}

fn joined(f: &mut fmt::Formatter<'_>, of: &[Condition], word: &str) -> fmt::Result {
    let operands: Vec<String> = of.iter().map(|one| Operand(one).to_string()).collect();
    f.write_str(&operands.join(word))
}
