-- The user list of the old system, exactly as it was exported: the next operation decides what
-- is good enough to become a user. user_id then says which user a row has become.
CREATE TABLE legacy_users (
    id          BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name        VARCHAR(255),
    email       VARCHAR(255),
    role        VARCHAR(255),
    institution VARCHAR(255),
    user_id     BIGINT,
    KEY legacy_users_user (user_id),
    CONSTRAINT legacy_users_become_users FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE SET NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

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
