//! Tree → text: the one way to write each rule.
//!
//! Reading the text back gives the same tree, places aside, and printing that gives the same text. Comments are not
//! part of the tree, so they are not kept.

mod event;
mod exception;
mod expr;
mod literal;
mod objective;
mod policy;
mod program;
mod statement;
mod test;
mod treatment;
mod weight;

use std::fmt::Write;

use super::ast::{Expr, File, Name, Statement};

/// A whole file, statements separated by an empty line where one of them spans several lines.
pub fn print_file(file: &File) -> String {
    let mut out = String::new();
    let mut tall_before = false;
    for (index, statement) in file.statements.iter().enumerate() {
        let text = print_statement(statement);
        let tall = text.trim_end().contains('\n');
        if index > 0 && (tall || tall_before) {
            out.push('\n');
        }
        out.push_str(&text);
        tall_before = tall;
    }
    out
}

/// One statement, with the end of its last line.
pub fn print_statement(statement: &Statement) -> String {
    let mut printer = Printer::default();
    printer.statement(&statement.node);
    printer.out.push('\n');
    printer.out
}

/// One expression on one line.
pub fn print_expr(expr: &Expr) -> String {
    let mut printer = Printer::default();
    printer.expr(expr);
    printer.out
}

/// Longest line before a condition is broken at its `and`s and `or`s.
const WIDTH: usize = 100;

/// The text so far.
#[derive(Default)]
struct Printer {
    out: String,
}

impl Printer {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Writing to a `String` cannot fail.
    fn show(&mut self, value: impl std::fmt::Display) {
        let _ = write!(self.out, "{value}");
    }

    fn name(&mut self, name: &Name) {
        self.put(&name.node);
    }

    fn text(&mut self, text: &Name) {
        self.put(&quoted(&text.node));
    }

    /// Items with `separator` between them.
    fn list<T>(&mut self, items: &[T], separator: &str, mut each: impl FnMut(&mut Self, &T)) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.put(separator);
            }
            each(self, item);
        }
    }
}

/// A text as a literal.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(2));
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
