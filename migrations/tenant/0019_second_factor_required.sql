-- Whether everybody needs a second factor: whoever has none can do nothing but set one up.

ALTER TABLE sign_in_rules ADD COLUMN second_factor_required boolean NOT NULL DEFAULT false;
