//! Rows that a request brings, and the actions that are made of them, checked.

use serde::Serialize;

use super::Expr;
use crate::diagnostic::Span;
use crate::schema::Attribute;

/// `catalog products { sku id  price money EUR }`: rows that a request brings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Catalog {
    /// Its name.
    pub name: String,
    /// Its columns; numbers in expressions refer to them.
    pub columns: Vec<Attribute>,
    /// The column that tells rows apart.
    pub id: usize,
}

/// `for product in products where product.stock > 0 limit 50`
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EachRow {
    /// Index of the catalog.
    pub catalog: usize,
    /// Rows for which it is definitely true are candidates; it reads the row alone.
    pub filter: Option<Expr>,
    /// A request may not bring more candidates than that.
    pub limit: usize,
    /// Where it stands.
    pub span: Span,
}
