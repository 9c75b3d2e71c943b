//! Objectives, and what actions earn towards their aims.

use super::Printer;
use crate::syntax::ast::{Aim, ExprKind, Literal, Name, Weights, Worth};
use crate::syntax::level::Level;

impl Printer {
    pub(super) fn objective(&mut self, name: &Name, aims: &[Aim], weights: &[Weights]) {
        self.show(format_args!("objective {} {{", name.node));
        if !aims.is_empty() || !weights.is_empty() {
            self.put("\n");
        }
        aims.iter().for_each(|aim| self.aim(aim));
        weights.iter().for_each(|weights| self.weights(weights));
        self.put("}");
    }

    fn aim(&mut self, aim: &Aim) {
        self.show(format_args!("  {} in ", aim.name.node));
        match &aim.point {
            Some(point) => {
                self.put("points of ");
                self.at(point, Level::Add);
            }
            None => self.put("money"),
        }
        self.put("\n");
    }

    fn weights(&mut self, line: &Weights) {
        self.put("  weights ");
        self.list(&line.weights, ", ", |printer, weight| {
            printer.show(format_args!("{} {}%", weight.aim.node, weight.share.node));
        });
        if let Some(segment) = &line.segment {
            self.show(format_args!(" for {}", segment.node));
        }
        self.put("\n");
    }

    pub(super) fn worth(&mut self, worth: &[Worth]) {
        if worth.is_empty() {
            return;
        }
        self.put("      value ");
        self.list(worth, ", ", |printer, worth| {
            printer.show(format_args!("{}: ", worth.aim.node));
            printer.expr(&worth.amount);
            if let Some(otherwise) = &worth.otherwise {
                printer.put(" else ");
                printer.expr(otherwise);
            }
            if worth.points {
                let last = worth.otherwise.as_ref().unwrap_or(&worth.amount);
                let one = matches!(last.node, ExprKind::Literal(Literal::Int(1)));
                printer.put(if one { " point" } else { " points" });
            }
        });
        self.put("\n");
    }
}
