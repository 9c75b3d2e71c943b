//! Exceptions.

use super::Printer;
use crate::syntax::ast::{Excepted, Exception};

impl Printer {
    pub(super) fn exception(&mut self, exception: &Exception, indent: &str) {
        self.show(format_args!("{indent}except "));
        match &exception.of {
            Excepted::Rule(name) => self.name(name),
            Excepted::Policy { line, policy } => {
                if let Some(line) = line {
                    self.show(format_args!("{} of ", line.word()));
                }
                self.show(format_args!("policy {}", policy.node));
            }
        }
        if let Some(because) = &exception.because {
            self.put(" because ");
            self.text(because);
        }
        self.put("\n");
    }
}
