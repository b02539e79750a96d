-- One at a time gives out positions. A statement of its own: the next one sees what who held the lock before has committed. No parameters.
SELECT FROM hookline.stream_state FOR UPDATE
