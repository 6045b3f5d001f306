//! Which operations only read: what looks through a role, and what a key that may only read is given. Must not know
//! handlers.

use axum::extract::MatchedPath;
use axum::http::Method;
use axum::http::request::Parts;

/// The end of the routes that take a filter in the body, where it is too long for an address: they read like `GET`.
pub(crate) const QUERY: &str = "/query";

/// Whether a request can change nothing, by its method and by the route that answers it: what stands in the address in the
/// place of an id counts for nothing.
pub(crate) fn only_reads(parts: &Parts) -> bool {
    let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    parts.method.is_safe() || (parts.method == Method::POST && route.ends_with(QUERY))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A route of the API that ends so and writes would be let through.
    #[test]
    fn what_ends_like_a_query_is_one() {
        let document = crate::http::openapi();
        let mut queries = 0;
        for (path, item) in document.paths.paths.iter().filter(|(path, _)| path.ends_with(QUERY)) {
            let operation = item.post.as_ref().and_then(|post| post.operation_id.as_deref());
            assert!(operation.is_some_and(|id| id.starts_with("query_")), "{path}");
            let others = [&item.get, &item.put, &item.patch, &item.delete];
            assert!(others.into_iter().all(Option::is_none), "{path}");
            queries += 1;
        }
        assert_eq!(queries, 6);
    }
}
