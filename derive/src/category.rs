//! `#[derive(Category)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Error, Fields, LitStr, Path, Result, Variant, parse_quote};

use crate::attributes::{Names, each, string, unknown};
use crate::errors::Errors;
use crate::structs::plain;

const ATTRIBUTE: &str = "category";

/// Writes the `Category` of an enum.
pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let mut errors = Errors::default();
    let Settings { krate, case } = Settings::read(input, &mut errors);
    plain(input, "Category", &mut errors);
    let Data::Enum(data) = &input.data else {
        errors.push(Error::new(input.ident.span(), "`Category` is derived for enums, whose variants are the names"));
        return errors.finish(TokenStream::new());
    };

    let mut taken = Names::default();
    let (mut names, mut arms) = (Vec::new(), Vec::new());
    for (index, variant) in data.variants.iter().enumerate() {
        if !matches!(variant.fields, Fields::Unit) {
            let message = "a name holds nothing: a variant of a `Category` has no fields";
            errors.push(Error::new_spanned(&variant.fields, message));
        }
        names.extend(name(variant, case, &mut taken, &mut errors));
        let variant = &variant.ident;
        arms.push(quote!(Self::#variant => #index));
    }

    let ident = &input.ident;
    errors.finish(quote! {
        #[automatically_derived]
        impl #krate::Category for #ident {
            const NAMES: &'static [&'static ::core::primitive::str] = &[#(#names),*];

            fn index(self) -> ::core::primitive::usize {
                match self { #(#arms),* }
            }
        }
    })
}

/// What is said of the enum.
struct Settings {
    krate: Path,
    case: Case,
}

impl Settings {
    fn read(input: &DeriveInput, errors: &mut Errors) -> Self {
        let mut settings = Settings { krate: parse_quote!(::nextbest), case: Case::Usual };
        each(&input.attrs, ATTRIBUTE, errors, |meta, _| {
            if meta.path.is_ident("rename_all") {
                settings.case = Case::named(&string(meta)?)?;
            } else if meta.path.is_ident("crate") {
                settings.krate = string(meta)?.parse()?;
            } else {
                return Err(unknown(meta, &["rename_all", "crate"]));
            }
            Ok(())
        });
        settings
    }
}

/// The name of a variant, which no variant before it has.
fn name(variant: &Variant, case: Case, taken: &mut Names, errors: &mut Errors) -> Option<String> {
    let mut name = case.apply(&variant.ident.unraw().to_string());
    let mut span = variant.ident.span();
    each(&variant.attrs, ATTRIBUTE, errors, |meta, _| {
        if !meta.path.is_ident("rename") {
            return Err(unknown(meta, &["rename"]));
        }
        let rename = string(meta)?;
        (name, span) = (rename.value(), rename.span());
        if name.is_empty() { Err(Error::new(span, "a name cannot be empty")) } else { Ok(()) }
    });
    errors.take(taken.once(name, span))
}

/// How the names of variants become names in rules.
#[derive(Clone, Copy)]
enum Case {
    /// `FR` stays, `ThirdParty` becomes `third_party`.
    Usual,
    Lower,
    Upper,
    Snake,
    Kebab,
    Verbatim,
}

impl Case {
    fn named(name: &LitStr) -> Result<Self> {
        Ok(match name.value().as_str() {
            "lowercase" => Case::Lower,
            "UPPERCASE" => Case::Upper,
            "snake_case" => Case::Snake,
            "kebab-case" => Case::Kebab,
            "verbatim" => Case::Verbatim,
            _ => {
                let cases = "`lowercase`, `UPPERCASE`, `snake_case`, `kebab-case` or `verbatim`";
                return Err(Error::new(name.span(), format!("unknown case: expected {cases}")));
            }
        })
    }

    fn apply(self, name: &str) -> String {
        match self {
            Case::Usual if name.chars().any(char::is_lowercase) => separated(name, '_'),
            Case::Usual | Case::Verbatim => name.to_owned(),
            Case::Lower => name.to_lowercase(),
            Case::Upper => name.to_uppercase(),
            Case::Snake => separated(name, '_'),
            Case::Kebab => separated(name, '-'),
        }
    }
}

/// The words of a camel-case name, in lower case: `HTTPServer` is `http` and `server`.
fn separated(name: &str, separator: char) -> String {
    let mut out = String::new();
    let mut before: Option<char> = None;
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        let begins = match before {
            Some('_') | None => false,
            Some(before) if before.is_uppercase() => chars.peek().is_some_and(|next| next.is_lowercase()),
            Some(_) => true,
        };
        if c == '_' {
            out.push(separator);
        } else {
            if begins && c.is_uppercase() {
                out.push(separator);
            }
            out.extend(c.to_lowercase());
        }
        before = Some(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_variants_become_names_in_rules() {
        let cases = [
            (Case::Usual, "FR", "FR"),
            (Case::Usual, "A1", "A1"),
            (Case::Usual, "ThirdParty", "third_party"),
            (Case::Usual, "HTTPServer", "http_server"),
            (Case::Usual, "Age25To34", "age25_to34"),
            (Case::Usual, "Vip", "vip"),
            (Case::Usual, "Snake_Like", "snake_like"),
            (Case::Usual, "Été", "été"),
            (Case::Lower, "ThirdParty", "thirdparty"),
            (Case::Upper, "ThirdParty", "THIRDPARTY"),
            (Case::Snake, "FR", "fr"),
            (Case::Kebab, "ThirdParty", "third-party"),
            (Case::Verbatim, "ThirdParty", "ThirdParty"),
        ];
        for (case, name, expected) in cases {
            assert_eq!(case.apply(name), expected, "{name}");
        }
    }
}
