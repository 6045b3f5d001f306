-- A rate that is valid from a later day on counts from that day: open records are computed anew each night.
INSERT INTO schedule (kind, minute, hour) VALUES ('rates', 10, 0);
