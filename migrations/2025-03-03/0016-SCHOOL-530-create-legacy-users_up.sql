-- The user list of the old system, exactly as it was exported: the next operation decides what
-- is good enough to become a user. user_id then says which user a row has become.
CREATE TABLE legacy_users (
    id          INTEGER PRIMARY KEY,
    name        TEXT,
    email       TEXT,
    role        TEXT,
    institution TEXT,
    user_id     INTEGER REFERENCES users (id) ON DELETE SET NULL
) STRICT;

CREATE INDEX legacy_users_user ON legacy_users (user_id) WHERE user_id IS NOT NULL;

-- Good rows, some untidy: 1, 2, 3, 11, 13. The others show each kind of bad row.
INSERT INTO legacy_users (id, name, email, role, institution) VALUES
    (1,  'Fischer, Emma',     'emma.fischer@lakeside.example',  'pupil',     'Lakeside Primary School'),
    (2,  'O''Neill, Aoife',   ' Aoife.ONeill@StMarys.example ', 'Teacher',   'St. Mary''s Technical College'),
    (3,  'Åkesson, Björn',    'bjorn@riverside.example',        'STUDENT',   'Riverside Grammar School'),
    (4,  'Nolte, Rita',       'rita.nolte(at)lakeside.example', 'teacher',   'Lakeside Primary School'),
    (5,  'Wolf, Uwe',         'uwe@wolf@riverside.example',     'pupil',     'Riverside Grammar School'),
    (6,  'Brandt, Jonas',     'JONAS.BRANDT@riverside.example', 'pupil',     'Riverside Grammar School'),
    (7,  'Fischer, Emma',     'Emma.Fischer@lakeside.example',  'pupil',     'Lakeside Primary School'),
    (8,  'Ruiz, Carmen',      'carmen.ruiz@hilltop.example',    'teacher',   'Hilltop School'),
    (9,  'Lang, Ida',         'ida.lang@lakeside.example',      'pupil',     NULL),
    (10, 'Madonna',           'madonna@stmarys.example',        'pupil',     'St. Mary''s Technical College'),
    (11, 'Demir, Can',        'can.demir@riverside.example',    'pupil',     'Riverside Grammar School'),
    (12, 'Frost, Jack',       'jack.frost@lakeside.example',    'caretaker', 'Lakeside Primary School'),
    (13, 'x''); --, Bobby',   'bobby@lakeside.example',         'pupil',     'Lakeside Primary School'),
    (14, 'Ghost, Gabriel',    NULL,                             'pupil',     'Lakeside Primary School');
