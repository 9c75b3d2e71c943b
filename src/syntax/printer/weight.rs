//! What weighs actions, when they are available, and what comes with them.

use super::Printer;
use crate::syntax::ast::{Boost, Exploration, Lever, Name, Promo, Valid};

impl Printer {
    pub(super) fn explore(&mut self, exploration: &Exploration) {
        self.put("explore ");
        match exploration {
            Exploration::Epsilon(share) => self.show(format_args!("epsilon {}%", share.node)),
            Exploration::Thompson { draws: None } => self.put("thompson"),
            Exploration::Thompson { draws: Some(draws) } => self.show(format_args!("thompson {} draws", draws.node)),
            Exploration::Softmax(temperature) => {
                self.put("softmax ");
                self.condition(temperature, "  ");
            }
        }
    }

    pub(super) fn valid(&mut self, valid: Option<&Valid>, indent: &str) {
        if let Some(valid) = valid {
            self.show(format_args!("{indent}valid "));
            self.expr(&valid.from);
            self.put(" to ");
            self.expr(&valid.to);
            self.put("\n");
        }
    }

    pub(super) fn boost(&mut self, boost: &Boost, indent: &str) {
        self.show(format_args!("{indent}boost "));
        self.change(&boost.change);
        if let Some(decay) = &boost.decay {
            self.put(" after ");
            self.clause(&decay.after);
            self.put(" decaying over ");
            self.duration(&decay.over.node);
        }
        if let Some(when) = &boost.when {
            self.put(" when ");
            self.condition(when, &format!("{indent}  "));
        }
        self.put("\n");
    }

    pub(super) fn lever(&mut self, lever: &Lever, indent: &str) {
        self.show(format_args!("{indent}lever "));
        self.change(&lever.change);
        if let Some(until) = &lever.until {
            self.put(" until ");
            self.expr(until);
        }
        if let Some(owner) = &lever.owner {
            self.put(" by ");
            self.text(owner);
        }
        if let Some(because) = &lever.because {
            self.put(" because ");
            self.text(because);
        }
        self.put("\n");
    }

    pub(super) fn promo(&mut self, promo: &Promo) {
        self.put("      promo ");
        self.text(&promo.code);
        self.put(" expires ");
        self.duration(&promo.expires.node);
        self.put(if promo.once { " once\n" } else { "\n" });
    }

    fn change(&mut self, change: &Name) {
        let sign = if change.node.starts_with('-') { "" } else { "+" };
        self.show(format_args!("{sign}{}%", change.node));
    }
}
