//! A permitted treatment has no way in from outside: neither its type nor the check that makes it can be named.

use nextbest::decide::consent::Permitted;

fn main() {
    let _ = Permitted(&());
}
