//! How actions are shown.

use super::Printer;
use crate::syntax::ast::{Content, Experiment, Exposure, Factorial, Name, Parameter, SchemeName, Treatment};

impl Printer {
    pub(super) fn treatment(&mut self, treatment: &Treatment) {
        self.show(format_args!("      treat {}", treatment.channel.node));
        if let Some(slot) = &treatment.slot {
            self.show(format_args!(".{}", slot.node));
        }
        self.put(" ");
        match &treatment.content {
            Content::Key(key) => self.text(key),
            Content::Experiment(experiment) => self.experiment(experiment),
            Content::Factorial(factorial) => self.factorial(factorial),
        }
        if !treatment.languages.is_empty() {
            self.put(" in [");
            self.list(&treatment.languages, ", ", Self::language);
            self.put("]");
        }
        if !treatment.parameters.is_empty() {
            self.put(" with { ");
            self.list(&treatment.parameters, ", ", Self::parameter);
            self.put(" }");
        }
        if let Some(when) = &treatment.when {
            self.put(" when ");
            self.condition(when, "        ");
        }
        self.put("\n");
    }

    /// `experiment greeting for 20%`
    fn trial(&mut self, name: &Name, exposure: Option<&Exposure>) {
        self.show(format_args!("experiment {} ", name.node));
        if let Some(exposure) = exposure {
            self.show(format_args!("for {}% ", exposure.share.node));
            if let Some(layer) = &exposure.layer {
                self.show(format_args!("of layer {} ", layer.node));
            }
            if let Some(gate) = &exposure.gate {
                self.scheme("by", gate);
            }
        }
    }

    fn scheme(&mut self, word: &str, scheme: &SchemeName) {
        self.show(format_args!("{word} {} ", scheme.name.node));
        self.text(&scheme.salt);
        self.put(" ");
    }

    fn experiment(&mut self, experiment: &Experiment) {
        self.trial(&experiment.name, experiment.exposure.as_ref());
        if let Some(scheme) = &experiment.scheme {
            self.scheme("using", scheme);
        }
        self.put("{ ");
        self.list(&experiment.arms, "  ", |printer, arm| {
            printer.show(format_args!("{} {}% ", arm.name.node, arm.share.node));
            printer.text(&arm.content);
        });
        for stop in &experiment.stops {
            self.show(format_args!("  stop {}", stop.node));
        }
        self.put(" }");
    }

    fn factorial(&mut self, factorial: &Factorial) {
        self.trial(&factorial.name, factorial.exposure.as_ref());
        self.text(&factorial.content);
        self.put(" factors { ");
        self.list(&factorial.factors, "  ", |printer, factor| {
            printer.show(format_args!("{}: [", factor.name.node));
            printer.list(&factor.levels, ", ", |printer, level| {
                printer.text(&level.text);
                if let Some(share) = &level.share {
                    printer.show(format_args!(" {}%", share.node));
                }
            });
            printer.put("]");
        });
        self.put(" }");
    }

    /// `fr`, `"pt-BR"`
    fn language(&mut self, language: &Name) {
        let mut bytes = language.node.bytes();
        let begins = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        match begins && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            true => self.name(language),
            false => self.text(language),
        }
    }

    fn parameter(&mut self, parameter: &Parameter) {
        self.show(format_args!("{}: ", parameter.name.node));
        self.expr(&parameter.value);
        if let Some(otherwise) = &parameter.otherwise {
            self.put(" else ");
            self.expr(otherwise);
        }
    }
}
